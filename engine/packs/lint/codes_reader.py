"""The codes of the reader and of the rule language: what stops a file from being read as a pack at all."""

from __future__ import annotations

from typing import Final

Row = tuple[str, str, str, str]
"""Code (with `?`: a warning), what, why, remedy."""

READER: Final[dict[str, tuple[Row, ...]]] = {
    "Text and YAML": (
        (
            "text-bidi",
            "A character changes the reading direction.",
            "What a reviewer sees would not be what the engine reads.",
            "Remove it.",
        ),
        (
            "text-invisible",
            "A character cannot be seen.",
            "Two words that look alike would differ.",
            "Remove it.",
        ),
        (
            "text-mixed-script",
            "A word mixes alphabets.",
            "A Cyrillic letter can pass for a Latin one.",
            "Write the word in one alphabet.",
        ),
        (
            "yaml-encoding",
            "The file is not UTF-8.",
            "Everything else would be a guess.",
            "Save it as UTF-8.",
        ),
        (
            "yaml-too-large",
            "The file is larger than 2 MB.",
            "Nobody reviews such a file.",
            "Split it.",
        ),
        (
            "yaml-empty",
            "The file is empty.",
            "A pack says something or is not there.",
            "Write it or remove it.",
        ),
        (
            "yaml-documents",
            "The file holds more than one YAML document.",
            "The second would be overlooked.",
            "One document a file.",
        ),
        (
            "yaml-syntax",
            "The file is not YAML.",
            "Nothing in it can be read.",
            "Mend the line named.",
        ),
        (
            "yaml-depth",
            "The file is nested deeper than 40 levels.",
            "No pack is.",
            "Flatten it.",
        ),
        (
            "yaml-anchor",
            "An anchor or an alias is used.",
            "A change in one place would change another.",
            "Write the value out.",
        ),
        (
            "yaml-tag",
            "A tag is used.",
            "Types come from the schema alone.",
            "Remove it.",
        ),
        (
            "yaml-key",
            "A key is a list or a set of keys.",
            "Keys are names.",
            "Write a word.",
        ),
        (
            "yaml-duplicate-key",
            "A key stands twice.",
            "YAML readers disagree which one counts.",
            "Keep one.",
        ),
        (
            "yaml-empty-value",
            "A key has no value.",
            "Nothing and null are different statements.",
            "Write null or a value.",
        ),
        (
            "yaml-unquoted",
            "A value without quotes that readers of YAML read differently.",
            "`NO` is Norway or false; 1.10 is 1.1; amounts lose their digits.",
            "Put it in quotes.",
        ),
    ),
    "Shape": (
        (
            "shape",
            "A list, a set of keys or a single value stands where another is wanted.",
            "The schema says what each key holds.",
            "See the rulepack format.",
        ),
        (
            "schema",
            "`schema` is not rulepack/v1.",
            "Another format means something else.",
            "Write `schema: rulepack/v1`.",
        ),
        (
            "jurisdiction",
            "Folder and `jurisdiction` differ.",
            "Law would be filed under the wrong place.",
            "Name them alike.",
        ),
        (
            "domain",
            "The file's name and its `domain` differ.",
            "Rules would land in the wrong domain.",
            "Name them alike.",
        ),
        (
            "key-missing",
            "A required key is missing.",
            "The record cannot be built without it.",
            "Add it.",
        ),
        (
            "key-unknown",
            "A key that the schema does not have.",
            "A misspelt key would be law that nobody applies.",
            "Correct or remove it.",
        ),
        (
            "identifier",
            "An id is not lower case, digits, `_` and dots.",
            "Ids travel into answers and must stay stable.",
            "Rename it before it is released.",
        ),
        (
            "value",
            "A word outside its closed set.",
            "The engine gives it no meaning.",
            "Use one of the known words.",
        ),
        (
            "value-type",
            "A value is not of its declared type.",
            "It could not be compared.",
            "Write it in the type's form.",
        ),
        (
            "value-digits",
            "An amount has more decimals than its currency.",
            "Such an amount cannot be paid.",
            "Check the amount or the currency.",
        ),
        (
            "date",
            "Not a day of the calendar in ISO 8601 form.",
            "Law turns on days.",
            'Write it as "2026-11-22".',
        ),
        (
            "currency",
            "Not an ISO 4217 currency.",
            "Amounts need a known unit.",
            "Use the three-letter code.",
        ),
        (
            "unit-missing",
            "A money or rate parameter without its unit.",
            "30 of what?",
            "Add a currency, percent or bps.",
        ),
        (
            "on-unknown",
            "`on_unknown` is not a careful outcome.",
            "What is not known never allows.",
            "challenge, collect, review or block.",
        ),
        (
            "overridable",
            "`overridable` is malformed.",
            "It decides who may change the law's number.",
            "by: country, subdivision or tenant; direction: lower, higher or any.",
        ),
        (
            "effect",
            "An effect outside the domain's closed set, or two of them, or an exemption for nobody.",
            "Effects are what the answer is made of.",
            "One effect a rule; `by` for exemptions.",
        ),
        (
            "test-expect",
            "A test expects something else than fires, silent or unknown.",
            "There is no fourth outcome.",
            "Write one of the three.",
        ),
        (
            "hour",
            "`hour` of a test or a case is not an hour of the day.",
            "Rules may turn on the local hour.",
            "0 to 23.",
        ),
        (
            "pack-missing",
            "A folder without pack.yaml.",
            "Its files would be read by nobody.",
            "Add the manifest.",
        ),
        (
            "file-unread",
            "A file of a pack that is named for no domain.",
            "Its rules would decide nothing, and nobody would be told.",
            "Name it DE/aml.yaml, or put it into the folder DE/aml/.",
        ),
        (
            "extends-unknown",
            "A pack extends one that does not exist.",
            "Its law would miss its base.",
            "Correct the name.",
        ),
        (
            "extends-circle",
            "Packs extend each other in a circle.",
            "There is no first one.",
            "Take one `extends` out.",
        ),
    ),
    "Names and types": (
        (
            "name-unknown",
            "No fact, parameter or let has this name.",
            "It would be unknown for ever.",
            "See what was probably meant.",
        ),
        (
            "name-object",
            "An object is named where a single fact is wanted.",
            "It has several fields.",
            "Name one of them, or ask is_known().",
        ),
        (
            "name",
            "A dot follows something that is not a fact.",
            "Only facts have dotted names.",
            "Name the fact.",
        ),
        (
            "type-mismatch",
            "Two kinds that do not compare, or a kind where another is wanted.",
            "The comparison means nothing.",
            "Compare like with like.",
        ),
        (
            "unit-mismatch",
            "Money in two currencies meets.",
            "Without a dated rate the comparison is false precision.",
            "Declare both in one currency, or compare with the transaction's amount.",
        ),
        (
            "enum-value",
            "A word that this fact never holds.",
            "The condition could never be true.",
            "See what was probably meant.",
        ),
        (
            "place-unknown",
            "Neither an ISO 3166 place nor a group with members.",
            "Nothing lies in it.",
            "Use the ISO code or the group's name.",
        ),
        (
            "connecting-date",
            "`applies.by` names no date of the facts.",
            "Nothing would pick the version of the law.",
            "Use a known connecting date.",
        ),
        (
            "function-unknown",
            "There is no such function.",
            "The list of functions is closed.",
            "See the rule language.",
        ),
        (
            "call",
            "A function is called in the wrong way.",
            "Its arguments are fixed.",
            "See the rule language.",
        ),
        (
            "literal",
            "A malformed literal.",
            "Its value would be a guess.",
            "Write it as the function wants it.",
        ),
        (
            "literal-float",
            "A floating-point number.",
            "It has already lost digits.",
            'Write decimal("1.5"), percent("0.13") or eur("30.00").',
        ),
        (
            "list",
            "A list of literals not after `in`.",
            "Lists are only looked into.",
            "Use `in`.",
        ),
        (
            "list-empty",
            "An empty list after `in`.",
            "Nothing is in it.",
            "List the words.",
        ),
        (
            "division",
            "Division by something else than a literal.",
            "It could be nought.",
            "Use ratio(a, b).",
        ),
        (
            "month-rounding",
            "Month arithmetic without up or down.",
            "The law must say where a month without that day ends.",
            'Add "up" or "down".',
        ),
        (
            "quantifier",
            "any, all, count or sum in another form than `f(x for x in list if ...)`.",
            "Nothing else can be bounded.",
            "See the rule language.",
        ),
        (
            "expr-empty",
            "An empty expression.",
            "It decides nothing.",
            "Write the condition.",
        ),
        (
            "expr-number",
            "A number in a form that the language does not have.",
            "Octal, hexadecimal and grouped digits are misread.",
            "Write plain digits.",
        ),
        (
            "expr-syntax",
            "Not an expression.",
            "It cannot be parsed.",
            "Mend what the column points at.",
        ),
        (
            "expr-construct",
            "A construct outside the language.",
            "The language is total on purpose.",
            "Say it with the language's own means.",
        ),
        (
            "expr-character",
            "A character outside printable ASCII, or a backslash.",
            "Names could pretend to be others.",
            "Remove it.",
        ),
        (
            "expr-too-long",
            "More than 1200 characters.",
            "Nobody reads it aloud.",
            "Name a let.",
        ),
        (
            "expr-too-large",
            "More than 64 parts.",
            "Nobody reads it aloud.",
            "Name a let.",
        ),
        (
            "expr-too-deep",
            "Nested deeper than 12 levels.",
            "Nobody reads it aloud.",
            "Name a let.",
        ),
    ),
    "Regions": (
        (
            "region",
            "A row of a table of cloud regions is not sound.",
            "A region without a country, or with two, would put data where nobody looked.",
            "One country, an operator, a source and its day; members in place of a country for a set of regions.",
        ),
    ),
}
"""Group -> rows."""
