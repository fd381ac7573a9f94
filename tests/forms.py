"""A card with a form and a link, as the tests of several channels show it."""

from bot.core.reply import Button, Choose, Field, Link, Option, Reply, Say, Words

FORM = Reply(
    "form",
    (
        Words("Hoe deel ik mijn scherm?", "title"),
        Field(Say("answer.helped_question"), "text", "Klik op Delen.", lines=True, needed=True),
        Field(Say("profile.team"), "team", most=80),
        Choose(
            Say("profile.location"),
            "place",
            (Option(Words("Kern & <b>kade</b>"), "1"), Option(Say("profile.not_listed"), "0")),
            "0",
        ),
    ),
    (
        Button(Say("select.send"), {"kind": "form", "v": 1, "text": "", "team": ""}, form=True),
        Button(Say("answer.helped_no"), {"kind": "no", "v": 1}),
    ),
    links=(Link(Say("coach.ask"), "https://teams.example/l/chat/0/0?users=ann@x.example"),),
)
