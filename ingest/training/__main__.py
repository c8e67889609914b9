"""Trains the classifiers and writes them, with the tables of their model card. Takes no arguments; minutes on two cores.

The same text gives the same bytes, with the libraries of requirements-dev.lock.
"""

from __future__ import annotations

import numpy as np
import sklearn  # type: ignore[import-untyped]
import structlog

from ingest.read.classify import About, Classifier, Thresholds
from ingest.read.features import Features, Floats
from ingest.read.lexicon import Lexicon
from ingest.training.examples import examples, features_digest, text_digest
from ingest.training.fitting import fit
from ingest.training.items import HELD_OUT, Item, read
from ingest.training.measuring import by, measured, mistaken, thresholds, unseen
from ingest.training.varied import variants
from ingest.training.writing import classes, mistakes, quantised, summary, tell, write

_log = structlog.get_logger(__name__)


def main() -> None:
    """Fit, measure, write."""
    features = Features(Lexicon.shipped())
    items = read()
    found = examples(features, items)
    _log.info("training.text_read", items=len(items), examples=len(found))
    sums = unseen(features, items, found)
    at = thresholds(items, sums)
    _log.info("training.measured", relevance=at.relevance, topics=at.topics)
    fitted = fit(features, found)
    weights = quantised(features, fitted.weights, fitted.added)
    about = About(
        weights=weights.digest,
        lexicon=features.lexicon.digest,
        text=text_digest(),
        features=features_digest(found),
        thresholds=at,
        libraries={"numpy": np.__version__, "scikit-learn": sklearn.__version__},
    )
    write(weights, about)
    classifier = Classifier(features, weights.dense(features.width), weights.added, at)
    held_out = read(HELD_OUT)
    _tell(items, sums, held_out, _asked(classifier, held_out), at)
    _log.info("training.written", weights=about.weights)


def _asked(classifier: Classifier, items: list[Item]) -> Floats:
    return np.stack([classifier.sums(variants(item)[0], item.language) for item in items])


def _tell(items: list[Item], sums: Floats, held_out: list[Item], held_sums: Floats, at: Thresholds) -> None:
    across, apart = measured(items, sums, at), measured(held_out, held_sums, at)
    tell("languages", summary({"all": across, **by(items, sums, at, lambda item: item.language)}))
    tell("held out", summary({"all": apart, **by(held_out, held_sums, at, lambda item: item.language)}))
    tell("classes", classes({"by publisher": across, "held out": apart}))
    tell("mistakes", mistakes([*mistaken(items, sums, at), *mistaken(held_out, held_sums, at)]))


if __name__ == "__main__":
    main()
