"""The training text and the model that is shipped belong together, and the text says what it should."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from ingest.read.classify import ABOUT, FOLDER, NUMBERS, About, Thresholds
from ingest.read.features import Features
from ingest.read.lexicon import Lexicon
from ingest.read.model import ChangeType, Topic
from ingest.training.examples import examples, features_digest, text_digest
from ingest.training.items import HELD_OUT, BadText, read
from ingest.training.measuring import f1, measured
from ingest.training.varied import VARIANTS, variants

LANGUAGES = ("en", "es", "fr", "de", "pt", "zh", "id", "vi")


def _about() -> About:
    return msgspec.json.decode((FOLDER / ABOUT).read_bytes(), type=About)


def test_the_shipped_model_was_learnt_from_this_text() -> None:
    assert _about().text == text_digest()
    assert _about().lexicon == Lexicon.shipped().digest


@pytest.mark.slow
def test_the_text_still_gives_the_same_features() -> None:
    found = examples(Features(Lexicon.shipped()), read())
    assert features_digest(found) == _about().features


@pytest.mark.slow
def test_fitting_again_gives_the_same_weights() -> None:
    sklearn = pytest.importorskip("sklearn")
    fitting = pytest.importorskip("ingest.training.fitting")
    writing = pytest.importorskip("ingest.training.writing")
    if _about().libraries != {"numpy": np.__version__, "scikit-learn": sklearn.__version__}:
        pytest.skip("weights are promised with the libraries that fitted them only")
    features = Features(Lexicon.shipped())
    fitted = fitting.fit(features, examples(features, read()))
    again = writing.quantised(features, fitted.weights, fitted.added)
    with np.load(FOLDER / NUMBERS, allow_pickle=False) as shipped:
        # Another processor adds in another order: a weight between two steps may then be rounded to the other one.
        assert np.allclose(again.steps, shipped["steps"], rtol=1e-3)
        assert np.allclose(again.added, shipped["added"], atol=1e-2)
        old, new = np.zeros((2, features.width, shipped["values"].shape[1]), dtype=np.int16)
        old[shipped["rows"]], new[again.rows] = shipped["values"], again.values
    assert np.abs(old - new).max() <= 1
    assert np.count_nonzero(old != new) <= np.count_nonzero(old) // 100


def test_the_model_is_small_and_has_no_objects_in_it() -> None:
    assert (FOLDER / NUMBERS).stat().st_size < 3_000_000
    with np.load(FOLDER / NUMBERS, allow_pickle=False) as found:
        assert {found[name].dtype.kind for name in found.files} <= {"u", "i", "f"}


def test_no_publisher_of_the_held_out_text_is_learnt_from() -> None:
    learnt = {item.publisher for item in read()}
    assert {item.publisher for item in read(HELD_OUT)} & learnt == set()


def test_no_item_stands_there_twice() -> None:
    items = [(item.language, item.title, item.text) for item in [*read(), *read(HELD_OUT)]]
    assert len(items) == len(set(items))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_relevant_and_irrelevant_items_in_number(language: str) -> None:
    own = [item for item in read() if item.language == language]
    assert sum(item.relevant for item in own) >= 40
    assert sum(not item.relevant for item in own) >= 35


def test_each_topic_and_type_of_change_has_examples() -> None:
    items = [item for item in read() if item.relevant]
    assert {topic for item in items for topic in item.topics} == set(Topic)
    assert {item.change for item in items} == set(ChangeType)


def test_no_figure_is_left_open() -> None:
    assert [text for item in [*read(), *read(HELD_OUT)] for text in variants(item) if "{" in text or "}" in text] == []


def test_variants_are_the_same_each_time_and_differ_from_each_other() -> None:
    item = next(item for item in read() if item.relevant)
    assert variants(item) == variants(item)
    assert len(set(variants(item))) == VARIANTS


@pytest.mark.parametrize(
    "written",
    [
        "@ Nowhere\n",
        "@ XX | Bank\ntax rate :: Only a title\n",
        "@ XX | Bank\nvat rate :: Title :: Text.\n",
        "@ XX | Bank\ntax sum :: Title :: Text.\n",
        "tax rate :: Title :: Text.\n",
    ],
    ids=["heading", "no text", "no such topic", "no such change", "no publisher"],
)
def test_a_bad_line_is_told_with_its_place(tmp_path: Path, written: str) -> None:
    (tmp_path / "en-1.txt").write_text(written, encoding="utf-8")
    with pytest.raises(BadText, match=r"en-1\.txt:\d"):
        read(tmp_path)


def test_f1_is_the_harmonic_mean() -> None:
    truth, said = np.array([True, True, False, False]), np.array([True, False, True, True])
    assert f1(truth, said) == pytest.approx(2 * (1 / 2) * (1 / 3) / (1 / 2 + 1 / 3))
    assert f1(np.array([False]), np.array([False])) == 1


def test_what_is_found_wrongly_costs() -> None:
    items = [item for item in read(HELD_OUT) if item.language == "en"][:6]
    sums = np.full((len(items), 1 + len(Topic) + len(ChangeType)), -1, dtype=np.float32)
    none = measured(items, sums, Thresholds(relevance=0.0, topics=(0.0,) * len(Topic)))
    assert none.recall == 0
    assert none.f1 < 1 / 2
