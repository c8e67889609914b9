"""What every part of an answer is."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """A part of the answer."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)
