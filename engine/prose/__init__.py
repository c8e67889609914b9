"""The law as sentences: rules, conditions, values and consequences in words that an officer reads, in several languages.

Nothing here decides anything. Each sentence knows the expression it stands for and says neither more nor less.
"""

from engine.prose.clause import Clause, Piece
from engine.prose.telling import LEXICONS, Prose, RuleProse, Surroundings

__all__ = ["LEXICONS", "Clause", "Piece", "Prose", "RuleProse", "Surroundings"]
