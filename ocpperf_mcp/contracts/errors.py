"""The one exception whose text is written for a person."""


class OcpperfError(Exception):
    """A fault somebody can act on.

    `what` is one sentence that states the fault; `next_step` is one sentence that says what to do about it.
    Neither may contain a secret. Commands print both and exit non-zero; tools answer with them.
    """

    def __init__(self, what: str, next_step: str = "") -> None:
        self.what = what
        self.next_step = next_step
        super().__init__(f"{what} {next_step}".strip())
