"""The document of the interface as one page of HTML: no script, nothing loaded from anywhere, readable without colour."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any, Final

import orjson

_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: 14px/1.45 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid; }
summary { cursor: pointer; padding: .25rem 0; }
section { border-top: 1px solid; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid; }
"""


def render(document: dict[str, Any]) -> str:
    """The page."""
    info = document["info"]
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(info['title'])} {escape(info['version'])}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1>{_text(info['description'])}",
        '<p>For machines: <a href="openapi.json">openapi.json</a>.</p><nav><h2>Routes</h2><ul>',
        *(
            f'<li><a href="#{_anchor(m, p)}"><code>{m} {escape(p)}</code></a> {escape(o["summary"])}</li>'
            for m, p, o in _all(document)
        ),
        "</ul></nav><main>",
        *(_route(method, path, operation) for method, path, operation in _all(document)),
        "<section><h2>Types</h2>",
        *(_schema(name, schema) for name, schema in sorted(document["components"]["schemas"].items())),
        "</section></main></body></html>",
    ]
    return "".join(parts)


def _all(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _anchor(method: str, path: str) -> str:
    return f"{method.lower()}{''.join(char if char.isalnum() else '-' for char in path)}"


def _text(text: str) -> str:
    return "".join(f"<p>{escape(block)}</p>" for block in text.strip().split("\n\n"))


def _route(method: str, path: str, operation: dict[str, Any]) -> str:
    scopes = [scope for entry in operation.get("security", []) for found in entry.values() for scope in found]
    parts = [
        f'<section id="{_anchor(method, path)}"><h2><code>{method} {escape(path)}</code></h2>',
        f"<p><strong>{escape(operation['summary'])}</strong></p>{_text(operation.get('description', ''))}",
        f"<p>Scope: {', '.join(f'<code>{scope}</code>' for scope in scopes) or 'none'}</p>",
        _parameters(operation.get("parameters", [])),
    ]
    if "requestBody" in operation:
        parts.append("<h3>Body</h3>" + _text(operation["requestBody"].get("description", "")))
        parts.extend(_media(name, media) for name, media in operation["requestBody"]["content"].items())
    parts.append("<h3>Answers</h3>")
    for status, response in operation["responses"].items():
        parts.append(f"<p><code>{status}</code> {escape(response['description'])}</p>")
        parts.extend(_media(name, media) for name, media in response.get("content", {}).items())
    return "".join(parts) + "</section>"


def _parameters(parameters: list[dict[str, Any]]) -> str:
    if not parameters:
        return ""
    rows = [
        f"<tr><td><code>{escape(entry['name'])}</code></td><td>{entry['in']}</td><td>{_type(entry['schema'])}</td>"
        f"<td>{escape(entry.get('description', ''))}</td></tr>"
        for entry in parameters
    ]
    head = "<tr><th scope=col>name</th><th scope=col>in</th><th scope=col>type</th><th scope=col></th></tr>"
    return f"<h3>Parameters</h3><table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"


def _media(name: str, media: dict[str, Any]) -> str:
    examples = {"Example": media["example"]} if "example" in media else {}
    examples |= {key: entry["value"] for key, entry in media.get("examples", {}).items()}
    shown = [
        f"<details><summary>{escape(key)}</summary><pre>{escape(_json(value))}</pre></details>"
        for key, value in examples.items()
    ]
    return f"<p><code>{escape(name)}</code>: {_type(media.get('schema', {}))}</p>{''.join(shown)}"


def _json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _schema(name: str, schema: dict[str, Any]) -> str:
    needed = set(schema.get("required", []))
    rows = [
        f"<tr><td><code>{escape(key)}</code>{' *' if key in needed else ''}</td><td>{_type(part)}</td>"
        f"<td>{escape(part.get('description', ''))}</td></tr>"
        for key, part in schema.get("properties", {}).items()
    ]
    head = "<tr><th scope=col>field (* needed)</th><th scope=col>type</th><th scope=col></th></tr>"
    table = f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>" if rows else _type(schema)
    return f'<h3 id="type-{escape(name)}">{escape(name)}</h3>{_text(schema.get("description", ""))}{table}'


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#type-{escape(name)}">{escape(name)}</a>'
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return " or ".join(_type(option) for option in schema[word])
    if "enum" in schema:
        return " or ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if "const" in schema:
        return f"<code>{escape(str(schema['const']))}</code>"
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    form = schema.get("format") or schema.get("pattern")
    return escape(str(schema.get("type", "anything"))) + (f" <code>{escape(form)}</code>" if form else "")
