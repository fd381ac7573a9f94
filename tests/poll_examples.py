"""An example of every button of polls."""

from bot.core import buttons
from bot.core import poll_buttons as polls
from bot.core.ids import PollId, RoundId

ROUND, POLL = RoundId(8), PollId(3)
POLL_EXAMPLES: list[buttons.Payload] = [
    polls.AnswerPoll(round=ROUND, question=1, value="4"),
    polls.ShowPollQuestion(round=ROUND, question=1),
    polls.ChangeAnswers(round=ROUND),
    polls.AskedInPolls(asked=False),
    polls.ShowPolls(),
    polls.NewPoll(template="pulse"),
    polls.ShowPoll(poll=POLL),
    polls.AdjustPoll(poll=POLL),
    polls.SavePoll(poll=POLL, title="Weekpeiling", every="1"),
    polls.TryPoll(poll=POLL, question=1, value="4"),
    polls.StartPoll(poll=POLL, seen=2),
    polls.PausePoll(poll=POLL, paused=False),
    polls.StopPoll(poll=POLL, sure=True),
    polls.ShowPollResults(poll=POLL, round=ROUND),
    polls.ShowRemarks(poll=POLL, round=ROUND, question=1, first=10),
]
