"""Each rule finds what it is for, and leaves alone what only looks like it."""

import pytest

from tests.house import rules
from tests.house.source import Rule, source

BROKEN = [
    (rules.floats, "rate = 0.1"),
    (rules.floats, "rate = -1e3"),
    (rules.floats, "rate = float(text)"),
    (rules.clocks, "import datetime\nnow = datetime.datetime.now()"),
    (rules.clocks, "import datetime as dt\nnow = dt.datetime.now(dt.UTC)"),
    (rules.clocks, "from datetime import datetime as D\nnow = D.utcnow()"),
    (rules.clocks, "from datetime import date\ndefault = field(default_factory=date.today)"),
    (rules.clocks, "import time\nnow = time.time()"),
    (rules.clocks, "from time import time as clock\nnow = clock()"),
    (rules.executors, "eval(text)"),
    (rules.executors, "exec(text, {})"),
    (rules.executors, "compile(text, '<rule>', 'eval')"),
    (rules.executors, "import builtins\nbuiltins.exec(text)"),
    (rules.executors, "from builtins import eval as look\nlook(text)"),
    (rules.composed_sql, "run(f'SELECT * FROM {table}')"),
    (rules.composed_sql, "run(f'UPDATE {table} SET a = 1')"),
    (rules.composed_sql, "run(f'''\n    INSERT INTO {table} VALUES (1)''')"),
    (rules.composed_sql, "run('DELETE FROM decision WHERE id = %s' % key)"),
    (rules.composed_sql, "run('DELETE FROM decision WHERE id = ' + key)"),
    (rules.composed_sql, "run('DELETE FROM {}'.format(table))"),
    (rules.composed_sql, "run(f'PRAGMA synchronous={mode}')"),
    (rules.broad_excepts, "try:\n    run()\nexcept Exception:\n    pass"),
    (rules.broad_excepts, "try:\n    run()\nexcept (ValueError, BaseException) as fault:\n    pass"),
    (rules.broad_excepts, "try:\n    run()\nexcept:\n    pass"),
    (rules.long_files, "\n" * (rules.LONGEST_FILE + 1)),
    (rules.long_functions, "def long():\n" + "    pass\n" * rules.LONGEST_FUNCTION),
    (rules.long_functions, "class A:\n    async def long(self):\n" + "        pass\n" * rules.LONGEST_FUNCTION),
    (rules.undescribed, "x = 1"),
    (rules.undescribed, '"""   """'),
    (rules.undescribed, ""),
    (rules.silent_marks, "if odd:  # pragma: no cover\n    run()"),
    (rules.silent_marks, "run()  # pragma: no branch -"),
    (rules.silent_marks, "run()  # TODO mend"),
    (rules.silent_marks, "# FIXME: later"),
]

KEPT = [
    (rules.floats, "rate = Decimal('0.1')\ncount = 10\nis_float = isinstance(value, float)"),
    (rules.clocks, "from datetime import datetime\nat = datetime.fromisoformat(text)\ndef now(self) -> datetime: ..."),
    (rules.clocks, "import time\nstarted = time.perf_counter()"),
    (rules.clocks, "transaction.date.today"),
    (rules.executors, "import re\npattern = re.compile('a')\nplan.compile()\nself.exec()"),
    (rules.composed_sql, "run('SELECT * FROM decision WHERE id = ?', (key,))"),
    (rules.composed_sql, "run('SELECT a FROM b ' 'WHERE c = ?')"),
    (rules.composed_sql, "say(f'Select one of {names}')\nsay(f'CREATED {name}')\ntotal = left + right"),
    (rules.broad_excepts, "try:\n    run()\nexcept (ValueError, KeyError):\n    pass"),
    (rules.long_files, "\n" * rules.LONGEST_FILE),
    (rules.long_functions, "def long():\n" + "    pass\n" * (rules.LONGEST_FUNCTION - 1)),
    (rules.undescribed, '"""Money."""'),
    (rules.silent_marks, "run()  # pragma: no cover - only on Windows"),
    (rules.silent_marks, "run()  # TODO(#12): mend\ntodo = 'TODO'"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "text"), BROKEN)
def test_a_rule_finds_what_breaks_it(rule: Rule, text: str) -> None:
    assert len(list(rule(source(text)))) == 1


@pytest.mark.parametrize(("rule", "text"), KEPT)
def test_a_rule_leaves_the_rest_alone(rule: Rule, text: str) -> None:
    assert list(rule(source(text))) == []


def test_every_rule_is_shown_both_ways() -> None:
    own = {
        name
        for name, rule in vars(rules).items()
        if callable(rule) and rule.__module__ == rules.__name__ and name[0] != "_"
    }
    assert own == {rule.__name__ for rule, _ in BROKEN} == {rule.__name__ for rule, _ in KEPT}
