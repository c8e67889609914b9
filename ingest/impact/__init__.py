"""What a publication means for those who follow the law: a typed change, its edit of the packs, its effect, and the time left."""

from ingest.impact.model import Action, Direction, Evidence, Proposal, Publication
from ingest.impact.proposal import propose

__all__ = ["Action", "Direction", "Evidence", "Proposal", "Publication", "propose"]
