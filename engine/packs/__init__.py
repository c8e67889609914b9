"""Rulepacks: law as data, read with positions, layered, compiled for a period, sealed into releases."""

from engine.packs.packset import PackSet, load_packs, read_files, read_packs
from engine.packs.problems import PackError, Problem, Spot
from engine.packs.release import Release

__all__ = ["PackError", "PackSet", "Problem", "Release", "Spot", "load_packs", "read_files", "read_packs"]
