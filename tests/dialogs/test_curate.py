"""From a coach's answer to an entry: who may propose, who decides, what everybody reads."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core import buttons
from bot.core.ids import EntryId, ProposalId, QuestionId
from bot.core.reply import Reply, Say, Sender, Words
from bot.dialogs.proposal_cards import DOMAINS, NEW
from bot.knowledge import service as knowledge
from bot.knowledge.load import shipped_folder
from bot.knowledge.model import CoachRole, Faq, Level, Proposal, ProposalState
from bot.people.model import Role
from tests import factories
from tests.chat import ANN, COORDINATOR, FAQ, SCREEN, WHO, keys, press_of
from tests.clocks import WORKDAY
from tests.curation import (
    BOTH,
    COACH,
    CURATOR,
    DRAFT,
    LISTED_BOTH,
    LISTED_CURATOR,
    QUESTION,
    CurateChat,
    import_as,
    inputs,
    make_curation,
    value_of,
)

CURATORS = (CURATOR, COORDINATOR, BOTH)
TEACHER_NOW = replace(LISTED_CURATOR, roles=(Role.TEACHER,))
COORDINATOR_LISTED = factories.listed(
    COORDINATOR.email, name="Coördinator Een", roles=(Role.COORDINATOR,)
)


@pytest.fixture
async def chat() -> CurateChat:
    return await make_curation()


def approve(one: Proposal, **changes: str) -> buttons.ApproveProposal:
    return buttons.ApproveProposal(proposal=one.id, **changes)


def refuse(one: Proposal, reason: str = "Te kort.") -> buttons.RefuseProposal:
    return buttons.RefuseProposal(proposal=one.id, reason=reason)


async def says(chat: CurateChat, text: str = DRAFT.wording, who: Sender = ANN) -> Reply:
    (reply,) = await chat.say(text, who)
    return reply


# The coach


async def test_a_coach_gets_a_form_with_question_and_answer_filled_in(chat: CurateChat) -> None:
    form = await chat.form()
    stands = {one.name: one.value for one in inputs(form)}
    assert stands == {
        "near": NEW,
        "title": DRAFT.wording,
        "answer": DRAFT.answer,
        "domain": "lokaal",
        "level": "tactisch",
    }
    assert "Het lokaal" in chat.lines(form)
    assert form.personal
    assert not form.replaces


async def test_a_question_that_is_like_an_entry_shows_that_entry(chat: CurateChat) -> None:
    form = await chat.form(question=QuestionId(2))
    assert value_of(form, "near") == NEW
    assert chat.lines(form).count(SCREEN.title) == 2
    assert "Nieuw artikel" in chat.lines(form)
    assert value_of(form, "domain") == SCREEN.domain
    assert value_of(form, "level") == "operationeel"


async def test_at_most_three_entries_are_near_and_none_is_when_nothing_is(
    chat: CurateChat,
) -> None:
    curate = chat.curate
    assert curate.similar("scherm")[0].id == SCREEN.id
    assert len(curate.similar("wachtwoord scherm les opnemen digicoach")) <= 3
    assert curate.similar("de het een") == []
    assert curate.similar("zzzxqj") == []


async def test_what_is_sent_lies_before_every_curator_in_their_own_language(
    chat: CurateChat,
) -> None:
    sent = await chat.fill(await chat.form(), "curate.form.send", COACH)
    assert keys(sent) == ["curate.sent.sent"]
    assert sent.replaces
    assert "Beide Bo, Coördinator Een, Curator Cas" in chat.lines(sent)[0]
    [one] = await chat.proposals()
    assert (one.title, one.answer, one.wording) == (DRAFT.wording, DRAFT.answer, DRAFT.wording)
    assert (one.level, one.role, one.state) == (
        Level.TACTICAL,
        CoachRole.TRAINER,
        ProposalState.OPEN,
    )
    for curator, language in ((CURATOR, "en"), (COORDINATOR, "nl"), (BOTH, "nl")):
        [card] = await chat.notices(curator)
        assert (card.subject, card.language, card.personal) == (
            f"proposal:{one.id}",
            language,
            True,
        )
        assert Words(DRAFT.answer) in card.blocks
    assert "Coach Een proposes something for the FAQ" in chat.lines(
        (await chat.notices(CURATOR))[0]
    )
    assert await chat.notices(COACH) == await chat.notices(ANN) == []


async def test_pressed_twice_it_is_one_proposal(chat: CurateChat) -> None:
    form = await chat.form()
    await chat.fill(form, "curate.form.send", COACH)
    again = await chat.fill(form, "curate.form.send", COACH, title="Iets anders?")
    assert keys(again) == ["curate.sent.already"]
    assert keys(await chat.form()) == ["curate.sent.already"]
    assert len(await chat.proposals()) == 1
    assert len(await chat.notices(CURATOR)) == 1


async def test_two_presses_at_once_are_one_proposal(chat: CurateChat) -> None:
    form = await chat.form()
    both = await asyncio.gather(*(chat.fill(form, "curate.form.send", COACH) for _ in range(2)))
    assert sorted(keys(one)[0] for one in both) == ["curate.sent.already", "curate.sent.sent"]
    assert len(await chat.proposals()) == 1


@pytest.mark.parametrize("who", [ANN, CURATOR, COORDINATOR])
async def test_who_is_no_coach_proposes_nothing(chat: CurateChat, who: Sender) -> None:
    for pressed in (
        buttons.ProposeEntry(question=QUESTION),
        buttons.SendProposal(question=QUESTION, title="Hoe?", answer="Zo."),
    ):
        (reply,) = await chat.press(pressed, who)
        assert keys(reply) == ["curate.refused.not_coach"]
    assert await chat.proposals() == []


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"title": " "}, "no_title"),
        ({"title": "x" * 201}, "long_title"),
        ({"answer": "\n"}, "no_answer"),
        ({"answer": "x" * 4_001}, "long_answer"),
        ({"domain": ""}, "no_domain"),
        ({"level": "heel hoog"}, "no_level"),
        ({"near": "weg"}, "entry_gone"),
    ],
)
async def test_a_form_with_something_wrong_comes_back_as_it_was_typed(
    chat: CurateChat, typed: dict[str, str], problem: str
) -> None:
    full = {"title": "Hoe gaat de rook aan?", "answer": "Regel een\nRegel twee", **typed}
    again = await chat.fill(await chat.form(), "curate.form.send", COACH, **full)
    assert f"curate.problem.{problem}" in keys(again)
    assert again.replaces
    assert value_of(again, "title") == full["title"].strip()
    assert value_of(again, "answer") == full["answer"].strip()
    assert await chat.proposals() == []
    mended = {"title": "Hoe?", "answer": "Zo.", "domain": "video", "level": "tactisch"}
    sent = await chat.fill(again, "curate.form.send", COACH, **mended)
    assert keys(sent) == ["curate.sent.sent"]


async def test_what_a_form_did_not_send_at_all_is_missing(chat: CurateChat) -> None:
    (again,) = await chat.press(buttons.SendProposal(question=QUESTION), COACH)
    assert "curate.problem.no_title" in keys(again)


async def test_without_any_curator_the_coach_is_told_so_and_loses_nothing() -> None:
    chat = await make_curation()
    await import_as(chat, factories.listed_coach(), factories.listed())
    again = await chat.fill(await chat.form(), "curate.form.send", COACH, answer="Mijn tekst.")
    assert "curate.problem.no_curator" in keys(again)
    assert value_of(again, "answer") == "Mijn tekst."
    assert await chat.proposals() == []


async def test_curators_whom_nobody_met_get_it_once_they_are_there() -> None:
    chat = await make_curation(met=False)
    sent = await chat.fill(await chat.form(), "curate.form.send", COACH)
    assert keys(sent) == ["curate.sent.unreached"]
    await chat.say("hoi", CURATOR)
    assert len(await chat.notices(CURATOR)) == 1


async def test_what_is_personal_is_taken_out_before_anybody_reads_it(chat: CurateChat) -> None:
    form = await chat.form()
    typed = {"title": "Rook? Mail jan@roc.example", "answer": "Zoek 123456782. Bel 06 12345678."}
    sent = await chat.fill(form, "curate.form.send", COACH, **typed)
    assert keys(sent) == ["curate.sent.sent", "note.bsn"]
    [one] = await chat.proposals()
    assert one.title == "Rook? Mail [e-mail]"
    assert one.answer == "Zoek [bsn]. Bel 06 12345678."


async def test_a_form_takes_signs_that_no_database_can_keep(chat: CurateChat) -> None:
    one = await chat.propose(title="Rook\0 aan?", answer="a\ud83db")
    assert (one.title, one.answer) == ("Rook aan?", "a?b")


# The curator


@pytest.mark.parametrize("who", CURATORS)
async def test_what_a_curator_approves_is_the_next_teachers_answer(
    chat: CurateChat, who: Sender
) -> None:
    assert Words(DRAFT.answer) not in (await says(chat)).blocks
    one = await chat.propose()
    chat.clock.offset += timedelta(hours=1)
    (done,) = await chat.press(approve(one), who)
    assert keys(done) == ["curate.decided.approved_by_you"]
    assert done.replaces
    answer = await says(chat)
    assert answer.view == "answer"
    assert Words(DRAFT.answer) in answer.blocks
    stored = await chat.proposal(one.id)
    assert stored is not None
    assert stored.state is ProposalState.APPROVED
    assert (one.at, stored.decided) == (WORKDAY, WORKDAY + timedelta(hours=1))


async def test_a_decision_shows_on_every_other_copy_and_the_coach_hears_of_it(
    chat: CurateChat,
) -> None:
    one = await chat.propose()
    await deliver(chat)
    await chat.press(approve(one), COORDINATOR)
    [theirs], [bos] = await chat.notices(CURATOR), await chat.notices(BOTH)
    assert chat.lines(theirs)[0] == "Coördinator Een approved this proposal. It is in the FAQ."
    assert keys(bos) == ["curate.decided.approved"]
    assert not theirs.buttons
    [told] = await chat.notices(COACH)
    assert keys(told) == ["curate.told.approved"]
    assert Words(DRAFT.wording) in told.blocks


async def deliver(chat: CurateChat) -> None:
    """Let all that waits arrive, so that it is there to be rewritten."""
    shelf = chat.store._shelves.outbox
    for one in list(shelf.stored.values()):
        shelf.stored[one.id] = replace(one, remote=f"r{one.id}", state=type(one.state).SENT)


async def test_a_card_that_was_not_sent_yet_is_spared(chat: CurateChat) -> None:
    one = await chat.propose()
    await chat.press(refuse(one), COORDINATOR)
    assert await chat.notices(CURATOR) == []


async def test_a_refusal_reaches_the_coach_with_its_reason_and_can_be_mended(
    chat: CurateChat,
) -> None:
    one = await chat.propose()
    [card] = await chat.notices(COORDINATOR)
    done = await chat.fill(card, "curate.card.refuse", COORDINATOR, reason="Te kort. \nLeg uit.")
    assert keys(done) == ["curate.decided.refused_by_you", "curate.decided.why"]
    [told] = await chat.notices(COACH)
    assert keys(told) == ["curate.told.refused", "curate.decided.why"]
    assert Words("Te kort. \nLeg uit.") in told.blocks
    assert Words(DRAFT.answer) not in (await says(chat)).blocks
    (form,) = await chat.press(press_of(told, "curate.told.again"), COACH)
    assert form.view == "curate.form"
    assert keys(await chat.fill(form, "curate.form.send", COACH)) == ["curate.sent.sent"]
    assert [one.state for one in await chat.proposals()] == ["refused", "open"]
    assert one.id != (await chat.proposals())[-1].id


async def test_an_old_form_pressed_again_says_what_became_of_it(chat: CurateChat) -> None:
    form = await chat.form()
    await chat.fill(form, "curate.form.send", COACH)
    [one] = await chat.proposals()
    await chat.press(refuse(one), COORDINATOR)
    again = await chat.fill(form, "curate.form.send", COACH)
    assert chat.lines(again)[0] == "Coördinator Een heeft dit voorstel afgekeurd."
    assert len(await chat.proposals()) == 1
    await chat.fill(await chat.form(), "curate.form.send", COACH)
    (far,) = await chat.press(
        buttons.SendProposal(question=QUESTION, title="x y", answer="z", again=9), COACH
    )
    assert keys(far) == ["curate.sent.already"]
    assert len(await chat.proposals()) == 2


@pytest.mark.parametrize(("reason", "problem"), [(" ", "no_reason"), ("x" * 1_001, "long_reason")])
async def test_a_refusal_without_a_fit_reason_refuses_nothing(
    chat: CurateChat, reason: str, problem: str
) -> None:
    one = await chat.propose()
    (again,) = await chat.press(refuse(one, reason), COORDINATOR)
    assert f"curate.problem.{problem}" in keys(again)
    assert value_of(again, "reason") == reason.strip()
    assert again.replaces
    assert await chat.proposal(one.id) == one


async def test_a_reason_holds_no_secret_either(chat: CurateChat) -> None:
    one = await chat.propose()
    await chat.press(refuse(one, "Haal 123456782 weg."), COORDINATOR)
    [told] = await chat.notices(COACH)
    assert Words("Haal [bsn] weg.") in told.blocks


@pytest.mark.parametrize("who", [ANN, COACH])
async def test_who_is_no_curator_decides_nothing(chat: CurateChat, who: Sender) -> None:
    one = await chat.propose()
    for pressed in (approve(one), buttons.ChangeProposal(proposal=one.id), refuse(one)):
        (reply,) = await chat.press(pressed, who)
        assert keys(reply) == ["curate.refused.not_curator"]
    assert await chat.proposal(one.id) == one


async def test_a_curator_who_lost_the_role_decides_nothing_any_more(chat: CurateChat) -> None:
    one = await chat.propose()
    await import_as(chat, factories.listed_coach(), TEACHER_NOW, LISTED_BOTH, COORDINATOR_LISTED)
    for pressed in (approve(one), buttons.ChangeProposal(proposal=one.id), refuse(one)):
        (reply,) = await chat.press(pressed, CURATOR)
        assert chat.lines(reply) == ["Only a curator or a coordinator can decide on proposals."]
    assert await chat.proposal(one.id) == one


async def test_a_curator_who_left_is_asked_nothing_and_decides_nothing(chat: CurateChat) -> None:
    await import_as(chat, factories.listed_coach(), LISTED_BOTH, COORDINATOR_LISTED)
    one = await chat.propose()
    assert await chat.notices(CURATOR) == []
    (reply,) = await chat.press(approve(one), CURATOR)
    assert keys(reply) == ["curate.refused.not_curator"]


async def test_of_two_curators_at_once_one_decides_and_the_other_reads_who(
    chat: CurateChat,
) -> None:
    one = await chat.propose()
    (first,), (second,) = await asyncio.gather(
        chat.press(approve(one), COORDINATOR), chat.press(refuse(one), BOTH)
    )
    assert keys(first) == ["curate.decided.approved_by_you"]
    assert chat.lines(second)[0] == (
        "Coördinator Een heeft dit voorstel goedgekeurd. Het staat in de FAQ."
    )
    assert len(await chat.notices(COACH)) == 1


async def test_what_is_decided_says_so_to_every_button_pressed_later(chat: CurateChat) -> None:
    one = await chat.propose()
    await chat.press(refuse(one), COORDINATOR)
    for pressed in (approve(one), buttons.ChangeProposal(proposal=one.id), refuse(one)):
        (reply,) = await chat.press(pressed, CURATOR)
        assert chat.lines(reply)[0] == "Coördinator Een refused this proposal."
        (mine,) = await chat.press(pressed, COORDINATOR)
        assert keys(mine)[0] == "curate.decided.refused_by_you"
    assert len(await chat.notices(COACH)) == 1


async def test_a_proposal_that_is_not_there_is_gone(chat: CurateChat) -> None:
    (reply,) = await chat.press(buttons.ChangeProposal(proposal=ProposalId(4711)), CURATOR)
    assert keys(reply) == ["curate.refused.gone"]


async def test_a_proposal_whose_texts_were_forgotten_is_gone(chat: CurateChat) -> None:
    one = await chat.propose()
    async with chat.store.begin() as work:
        await work.proposals.forget_texts(chat.clock.now() + timedelta(days=1))
    (reply,) = await chat.press(approve(one), COORDINATOR)
    assert keys(reply) == ["curate.refused.gone"]


async def test_a_curator_changes_a_proposal_before_approving_it(chat: CurateChat) -> None:
    one = await chat.propose()
    (form,) = await chat.press(buttons.ChangeProposal(proposal=one.id), COORDINATOR)
    assert not form.replaces
    assert value_of(form, "wording") == DRAFT.wording
    assert value_of(form, "answer") == DRAFT.answer
    typed = {"title": "Hoe maak ik rook?", "answer": "Bel {naam}.", "wording": "", "domain": "ai"}
    done = await chat.fill(form, "curate.card.approve", COORDINATOR, **typed)
    assert keys(done) == ["curate.decided.approved_by_you"]
    async with chat.store.reading() as work:
        made = await work.knowledge.entry(EntryId("hoe-maak-ik-rook"))
    assert made is not None
    assert (made.domain, made.variants) == ("ai", ("Hoe maak ik rook?",))
    assert (made.reviewed_on, made.level) == (chat.today, Level.TACTICAL)
    answer = await says(chat, "hoe maak ik rook")
    assert Words("Bel {naam}.") in answer.blocks


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"title": ""}, "no_title"),
        ({"answer": "x" * 4_001}, "long_answer"),
        ({"wording": "x" * 2_001}, "long_wording"),
        ({"near": "weg"}, "entry_gone"),
    ],
)
async def test_a_changed_proposal_with_something_wrong_comes_back_as_it_was_typed(
    chat: CurateChat, typed: dict[str, str], problem: str
) -> None:
    one = await chat.propose()
    (form,) = await chat.press(buttons.ChangeProposal(proposal=one.id), COORDINATOR)
    full = {"answer": "Mijn tekst.", **typed}
    again = await chat.fill(form, "curate.card.approve", COORDINATOR, **full)
    assert f"curate.problem.{problem}" in keys(again)
    assert value_of(again, "answer") == full["answer"]
    assert again.replaces
    assert await chat.proposal(one.id) == one


# An entry that there is already


async def near_screen(chat: CurateChat) -> Proposal:
    form = await chat.form(question=QuestionId(2))
    await chat.fill(form, "curate.form.send", COACH, near=SCREEN.id)
    async with chat.store.reading() as work:
        [one] = await work.proposals.about(QuestionId(2))
    return one


async def test_a_wording_for_an_entry_leaves_its_answer_as_it_is(chat: CurateChat) -> None:
    one = await near_screen(chat)
    assert (one.entry, one.role) == (SCREEN.id, CoachRole.TECHNOVATOR)
    [card] = await chat.notices(COORDINATOR)
    assert {SCREEN.title, SCREEN.answer} < set(chat.lines(card))
    await chat.press(press_of(card, "curate.card.add_wording"), COORDINATOR)
    answer = await says(chat, one.wording)
    assert (answer.view, Words(SCREEN.answer) in answer.blocks) == ("answer", True)
    [told] = await chat.notices(COACH)
    assert Words(SCREEN.title) in told.blocks
    async with chat.store.reading() as work:
        entry = await work.knowledge.entry(SCREEN.id)
    assert entry is not None
    assert entry.variants == (*SCREEN.variants, one.wording)


async def test_a_curator_can_let_the_new_answer_take_the_old_ones_place(chat: CurateChat) -> None:
    one = await near_screen(chat)
    [card] = await chat.notices(COORDINATOR)
    await chat.press(press_of(card, "curate.card.replace_answer"), COORDINATOR)
    answer = await says(chat, one.wording)
    assert Words(one.answer) in answer.blocks


async def test_a_curator_can_choose_the_entry_and_the_answer_in_the_form(chat: CurateChat) -> None:
    one = await near_screen(chat)
    (form,) = await chat.press(buttons.ChangeProposal(proposal=one.id), COORDINATOR)
    assert (value_of(form, "near"), value_of(form, "put")) == (SCREEN.id, "keep")
    typed = {"put": "replace", "answer": "Nieuw."}
    await chat.fill(form, "curate.card.approve", COORDINATOR, **typed)
    assert Words("Nieuw.") in (await says(chat, "scherm delen in een les")).blocks


async def test_a_curator_can_make_a_new_entry_of_it_after_all(chat: CurateChat) -> None:
    one = await near_screen(chat)
    (form,) = await chat.press(buttons.ChangeProposal(proposal=one.id), COORDINATOR)
    await chat.fill(form, "curate.card.approve", COORDINATOR, near=NEW)
    async with chat.store.reading() as work:
        made = await work.knowledge.entry(EntryId("scherm-delen-met-de-hele-klas"))
        known = await work.knowledge.entry(SCREEN.id)
    assert made is not None
    assert known is not None
    assert known.variants == SCREEN.variants


async def test_an_entry_that_a_proposal_names_is_offered_however_far_it_is(
    chat: CurateChat,
) -> None:
    form = await chat.form()
    assert WHO.title not in chat.lines(form)
    one = await chat.propose(near=WHO.id)
    (change,) = await chat.press(buttons.ChangeProposal(proposal=one.id), COORDINATOR)
    assert value_of(change, "near") == WHO.id
    assert "Wie is mijn mediacoach?" in chat.lines(change)


async def test_a_question_whose_text_was_forgotten_can_still_become_an_entry(
    chat: CurateChat,
) -> None:
    chat.drafts[QUESTION] = replace(DRAFT, wording="")
    again = await chat.fill(await chat.form(), "curate.form.send", COACH)
    assert "curate.problem.no_title" in keys(again)
    one = await chat.propose(title="Hoe gaat de rook aan?", near=NEW)
    [card] = await chat.notices(COORDINATOR)
    assert "curate.card.asked" not in keys(card)
    await chat.press(approve(one), COORDINATOR)
    assert Words(DRAFT.answer) in (await says(chat, "hoe gaat de rook aan")).blocks


async def test_an_entry_that_was_retired_meanwhile_is_asked_for_again(chat: CurateChat) -> None:
    one = await near_screen(chat)
    left = Faq(tuple(entry for entry in FAQ.entries if entry.id != SCREEN.id))
    async with chat.store.begin() as work:
        await knowledge.seed(work, left, chat.clock.now())
    (again,) = await chat.press(approve(one), COORDINATOR)
    assert "curate.problem.entry_gone" in keys(again)
    done = await chat.fill(again, "curate.card.approve", COORDINATOR)
    assert keys(done) == ["curate.decided.approved_by_you"]
    assert (await says(chat, one.wording)).view == "answer"


async def test_a_wording_that_an_entry_has_changes_nothing_in_it(chat: CurateChat) -> None:
    one = await near_screen(chat)
    await chat.press(approve(one), COORDINATOR)
    form = await chat.form(BOTH, QuestionId(2))
    await chat.fill(form, "curate.form.send", BOTH, near=SCREEN.id)
    async with chat.store.reading() as work:
        before = await work.knowledge.version()
        [_, two] = await work.proposals.about(QuestionId(2))
    await chat.press(approve(two), COORDINATOR)
    async with chat.store.reading() as work:
        assert await work.knowledge.version() == before


async def test_an_upgrade_of_the_shipped_faq_leaves_what_was_approved(chat: CurateChat) -> None:
    one = await near_screen(chat)
    await chat.press(approve(one, put="replace"), COORDINATOR)
    mine = await chat.propose()
    await chat.press(approve(mine), COORDINATOR)
    newer = tuple(replace(entry, answer="Meegeleverd.") for entry in FAQ.entries)
    async with chat.store.begin() as work:
        await knowledge.seed(work, Faq(newer), chat.clock.now())
    assert Words(one.answer) in (await says(chat, one.wording)).blocks
    assert Words(mine.answer) in (await says(chat)).blocks


# A coach who is a curator


async def test_a_curator_who_proposes_may_approve_it_at_once(chat: CurateChat) -> None:
    card = await chat.fill(await chat.form(BOTH), "curate.form.send", BOTH)
    assert keys(card)[:2] == ["curate.card.title_own", "curate.card.own"]
    assert await chat.notices(BOTH) == []
    assert len(await chat.notices(CURATOR)) == 1
    assert keys(await chat.form(BOTH))[0] == "curate.card.title_own"
    (done,) = await chat.press(press_of(card, "curate.card.approve"), BOTH)
    assert keys(done) == ["curate.decided.approved_by_you"]
    assert await chat.notices(BOTH) == []
    assert (await says(chat)).view == "answer"
    assert keys(await chat.form(BOTH)) == ["curate.decided.approved_by_you"]


async def test_their_own_card_shows_when_another_was_first(chat: CurateChat) -> None:
    await chat.fill(await chat.form(BOTH), "curate.form.send", BOTH)
    await deliver(chat)
    [one] = await chat.proposals()
    await chat.press(approve(one), COORDINATOR)
    async with chat.store.reading() as work:
        copies = await work.outbox.copies(one.subject)
        bo = await work.people.by_identity("", BOTH.email)
    assert bo is not None
    assert [keys(copy.reply) for copy in copies if copy.person == bo.id] == [
        ["curate.decided.approved"]
    ]
    assert [keys(told) for told in await chat.notices(BOTH)] == [["curate.told.approved"]]


async def test_a_coach_who_left_is_told_nothing(chat: CurateChat) -> None:
    one = await chat.propose()
    await import_as(chat, LISTED_BOTH, COORDINATOR_LISTED)
    await chat.press(approve(one), COORDINATOR)
    assert await chat.notices(COACH) == []


# What stands on the cards


def test_every_subject_of_the_shipped_faq_has_a_name() -> None:
    others = {"not_ours", "unanswered", "small_talk", "urgent"}
    assert {Path(one).stem for one in shipped_folder().glob("*.yaml")} - others == DOMAINS


async def test_a_subject_of_the_colleges_own_is_shown_by_its_own_name(chat: CurateChat) -> None:
    async with chat.store.begin() as work:
        own = factories.entry("zeil", title="Zeilboot?", domain="zeilles")
        await work.knowledge.edit(own, who=None, why="", at=chat.clock.now())
    await chat.say("hoi", ANN)
    assert "zeilles" in chat.lines(await chat.form())


async def test_no_card_has_more_than_four_buttons(chat: CurateChat) -> None:
    await near_screen(chat)
    [card] = await chat.notices(COORDINATOR)
    assert [one.label for one in card.buttons] == [
        Say("curate.card.add_wording"),
        Say("curate.card.replace_answer"),
        Say("curate.card.change"),
        Say("curate.card.refuse"),
    ]
