"""What every part of an answer is: frozen, and tolerant of fields that are younger than this client."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, PrivateAttr


@dataclass(frozen=True, slots=True)
class Meta:
    """What came with an answer."""

    status: int
    request_id: str | None
    """`X-Request-Id`: name it when you ask the operators."""
    release: str | None = None
    """Digest of the law that answered."""
    replayed: bool = False
    """The stored answer of an earlier request with this idempotency key."""
    idempotency_key: str | None = None
    tries: int = 1


class Part(BaseModel):
    """A part of an answer. A field that this client does not know yet stands in `model_extra`."""

    model_config = ConfigDict(extra="allow", frozen=True, use_attribute_docstrings=True)


class Answer(Part):
    """A whole answer."""

    _meta: Meta | None = PrivateAttr(default=None)

    @property
    def meta(self) -> Meta:
        """What came with it. Raises RuntimeError for an answer that was not answered: a line of a page, or one made by hand."""
        if self._meta is None:
            raise RuntimeError("This did not come as an answer of its own")
        return self._meta

    def __eq__(self, other: object) -> bool:
        """The same said, by whichever request it came."""
        return (
            isinstance(other, Answer)
            and type(self) is type(other)
            and self.__dict__ == other.__dict__
            and self.model_extra == other.model_extra
        )

    __hash__ = None  # type: ignore[assignment]
