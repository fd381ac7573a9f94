"""Every error that this program raises on purpose.

BotError                    carries a text key and its data, so that each edge can say it in Dutch
├── SettingsError           a setting has a wrong value; stops the start
├── CollegeFileError        college.yaml or people.csv cannot be read as it stands
├── FaqFileError            a FAQ file cannot be read as it stands
├── OldDatabaseError        the database is older than the code: run `vraagbaak db upgrade`
├── NewDatabaseError        the database is newer than the code: run the newer program
├── ConflictError           another unit of work stored the same thing first: try again, and see it
├── UnknownButtonError      a button of a kind or a version that this program does not know
├── bot/core/delivery.py: DeliveryError
├── bot/polls/templates.py: PollFileError
├── bot/store/backup_file.py: BackupError
├── bot/store/sealing.py: PollSecretError, NoPollSecretError and LostKeyError
├── bot/store/erasing.py: NotErasedError
└── bot/channels/teams/errors.py: RefusedError, ConnectorError and TokenError
"""

from collections.abc import Mapping, Sequence

from bot.core.reply import Clauses, Say


def at(file: str, problem: Say) -> Say:
    """Return a problem with where it is: a file, or a line of one."""
    return Say("file.at", {"file": file, "problem": Clauses((problem,))})


def _plain(problem: Say) -> str:
    """Return what a log says of it, in no one's language."""
    return " ".join((problem.key, *(f"{name}={value}" for name, value in problem.data.items())))


class BotError(Exception):
    """The root: what an edge may catch and say to a person."""

    text_key = "error.unexpected"

    @property
    def data(self) -> Mapping[str, str]:
        return {}

    @property
    def problems(self) -> tuple[Say, ...]:
        """What the edge says of it, each a sentence."""
        return (Say(self.text_key, self.data),)


class ProblemsError(BotError):
    """Several things are wrong at once; `problems` says each in a sentence."""

    text_key = "error.problems"

    def __init__(self, problems: Sequence[Say]) -> None:
        super().__init__("\n".join(map(_plain, problems)))
        self._problems = tuple(problems)

    @property
    def problems(self) -> tuple[Say, ...]:
        return self._problems


class SettingsError(ProblemsError):
    """A setting has a wrong value; no problem repeats it, for it may be a secret."""

    text_key = "error.settings"


class FileProblemsError(ProblemsError):
    """A file cannot be read as it stands; `problems` says where and why."""


class SaidError(ValueError):
    """Something is wrong within a file, as a validator found: what the catalogues say of it."""

    def __init__(self, *said: Say) -> None:
        super().__init__("; ".join(map(_plain, said)))
        self.said = said


class CollegeFileError(FileProblemsError):
    """college.yaml or people.csv cannot be read as it stands."""

    text_key = "error.college_file"


class FaqFileError(FileProblemsError):
    """A FAQ file cannot be read as it stands."""

    text_key = "error.faq_file"


class OldDatabaseError(BotError):
    """The database is older than the code."""

    text_key = "error.old_database"

    def __init__(self, found: str | None, wanted: str) -> None:
        super().__init__(f"the database is at migration {found}, the program needs {wanted}")
        self.found, self.wanted = found, wanted

    @property
    def data(self) -> Mapping[str, str]:
        return {"found": self.found or "0", "wanted": self.wanted}


class NewDatabaseError(BotError):
    """The database is newer than the code."""

    text_key = "error.new_database"

    def __init__(self, found: str) -> None:
        super().__init__(f"the database is at migration {found}, which this program does not know")
        self.found = found

    @property
    def data(self) -> Mapping[str, str]:
        return {"found": self.found}


class ConflictError(BotError):
    """Another unit of work stored the same thing first; doing it again will find that."""


class UnknownButtonError(BotError):
    """A button of a kind or a version that this program does not know."""

    text_key = "error.old_button"
