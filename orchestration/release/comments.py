"""The comments of member States on their own figures, and the office's answers.

What belongs here: the file decisions/<id>/consultation/comments.yaml, its fields and rules.
What does not: the verb `consult` and the review sheets (consult.py, review_sheets.py).
"""

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from connectors.errors import UsageError
from orchestration.release.decisions import Text

COMMENTS_HEAD = """\
# What member States said about their figures in this release, and the office's answers. One item a comment:
#   - country: CHE
#     indicator: A01
#     comment: What the country said.
#     answer: {decision: rejected, reason: Why., by: Their Name, at: 2026-11-20}
# `decision` is accepted or rejected. Nobody can sign before every comment is answered. An accepted comment
# that changes data is not settled here: record a decision or fetch the new data, then lock or check again.
comments: []
"""


class Answer(BaseModel):
    """What the office answered, why, who answered and on which day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision: Literal["accepted", "rejected"]
    reason: Text
    by: Text
    at: date


class Comment(BaseModel):
    """One comment of a member State (ISO 3166 alpha-3) on one indicator; `answer` is none while it waits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    country: Text
    indicator: Text
    comment: Text
    answer: Answer | None = None

    def __str__(self) -> str:
        """The comment as messages name it."""
        return f"{self.country} on {self.indicator}"


class _Comments(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    comments: tuple[Comment, ...]


def read_comments(path: Path) -> tuple[Comment, ...]:
    """The comments in the file's order; none if there is no file. Raises UsageError naming each fault."""
    if not path.is_file():
        return ()
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _Comments.model_validate(content).comments
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name} is not readable YAML: {' '.join(str(error).split())}.") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, f['loc'])) or 'file'}: {f['msg']}" for f in error.errors())
        raise UsageError(f"{path.name} does not hold comments: {faults}. Correct the file.") from error


def require_known(
    comments: Collection[Comment], countries: Collection[str], indicators: Collection[str]
) -> None:
    """Refuse a comment on what has no review sheet. Raises UsageError naming the first."""
    for comment in comments:
        if comment.country not in countries:
            raise UsageError(
                f"comments.yaml: {comment.country} is no member State of this release. Write its ISO 3166 "
                "code of three letters."
            )
        if comment.indicator not in indicators:
            raise UsageError(f"comments.yaml: {comment.indicator} is no indicator of this release.")


def unanswered(comments: Collection[Comment]) -> list[Comment]:
    """The comments that wait for an answer."""
    return [comment for comment in comments if comment.answer is None]
