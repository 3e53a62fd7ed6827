"""JSON that obeys a schema, with what the conversation tells."""

from collections.abc import Mapping
from typing import Any

from simulator.openai.insight import Insight
from simulator.openai.insight_values import find_boolean, find_choice, find_list, find_number, find_text
from simulator.openai.prompt import Prompt
from simulator.openai.schema_limits import fit_number, fit_text
from simulator.openai.transcript import words_of_name

Schema = Mapping[str, Any]
DEEPEST = 12


def fill_schema(schema: Schema, prompt: Prompt) -> Any:
    definitions = schema.get("$defs") or schema.get("definitions") or {}
    return Filler(Insight(prompt), {"#": schema, **definitions}).fill(schema)


class Filler:
    """`find` gives None where the conversation tells nothing; `fill` then takes what the schema allows."""

    def __init__(self, insight: Insight, definitions: dict[str, Any]) -> None:
        self._insight, self._definitions = insight, definitions

    def fill(self, schema: Schema, name: str = "", depth: int = 0) -> Any:
        schema = self._resolve(schema)
        branches = self._branches(schema)
        if branches:
            return self._fill_branches(branches, name, depth)
        found = self._find(schema, name, depth)
        return self._fit(schema, found) if found is not None else self._default(schema, name, depth)

    def _fill_branches(self, branches: list[Schema], name: str, depth: int) -> Any:
        """The first branch of which something is known; nothing, where that is allowed; else the first."""
        real = [branch for branch in branches if branch.get("type") != "null"]
        has_null = len(real) < len(branches)
        for branch in real if depth < DEEPEST else ():
            if not has_null or self._knows(branch, name, depth):
                return self.fill(branch, name, depth + 1)
        return None if has_null or not real else self.fill(real[0], name, depth + 1)

    def _knows(self, schema: Schema, name: str, depth: int) -> bool:
        schema = self._resolve(schema)
        if schema.get("type") == "object" or "properties" in schema:
            parts = schema.get("properties", {}).items()
            return (
                any(self._knows(part, f"{name} {key}", depth + 1) for key, part in parts) if depth < DEEPEST else False
            )
        branches = self._branches(schema)
        if branches:
            return any(self._knows(branch, name, depth + 1) for branch in branches if branch.get("type") != "null")
        return self._find(schema, name, depth, only_told=True) not in (None, [], "")

    def _branches(self, schema: Schema) -> list[Schema]:
        kinds = schema.get("type")
        if isinstance(kinds, list):
            return [{**schema, "type": kind} for kind in kinds]
        described = {key: schema[key] for key in ("title", "description") if key in schema}
        return [{**described, **branch} for branch in schema.get("anyOf") or schema.get("oneOf") or ()]

    def _resolve(self, schema: Schema) -> Schema:
        """Follows a reference, and takes parts that hold together as one."""
        if "$ref" in schema:
            return self._resolve(self._definitions.get(str(schema["$ref"]).rpartition("/")[2], {}))
        for part in schema.get("allOf") or ():
            schema = {**schema, **self._resolve(part), "allOf": ()}
        return schema

    def _find(self, schema: Schema, name: str, depth: int, *, only_told: bool = False) -> Any:
        wanted = words_of_name(f"{name} {schema.get('title', '')} {schema.get('description', '')}")
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return find_choice(self._insight, schema["enum"], wanted, only_told=only_told)
        kind = schema.get("type", "object" if "properties" in schema else "string")
        if kind == "boolean":
            return find_boolean(self._insight, wanted)
        if kind in ("integer", "number"):
            return find_number(self._insight, wanted)
        if kind == "string":
            return find_text(self._insight, schema, words_of_name(name), wanted)
        return self._find_list(schema, name, depth) if kind == "array" else None

    def _find_list(self, schema: Schema, name: str, depth: int) -> list[Any] | None:
        items = self._resolve(schema.get("items") or {})
        if depth >= DEEPEST:
            return None
        if "properties" in items:
            each = (Filler(self._insight.focused(part), self._definitions) for part in self._insight.answered)
            return [about.fill(items, "", depth + 1) for about in each]
        if items.get("enum"):
            chosen = find_choice(self._insight, items["enum"], words_of_name(name), only_told=True)
            return [] if chosen is None else [chosen]
        return find_list(self._insight, words_of_name(name)) if items.get("type") == "string" else None

    def _fit(self, schema: Schema, found: Any) -> Any:
        if isinstance(found, str) and not schema.get("enum"):
            return fit_text(found, schema, self._insight.prompt.now)
        if isinstance(found, int | float) and not isinstance(found, bool):
            return fit_number(found, schema)
        if isinstance(found, list):
            return self._fit_list(found, schema)
        return found

    def _fit_list(self, found: list[Any], schema: Schema) -> list[Any]:
        kept = [self._fit(self._resolve(schema.get("items") or {}), item) for item in found]
        if schema.get("uniqueItems"):
            kept = [item for place, item in enumerate(kept) if item not in kept[:place]]
        missing = schema.get("minItems", 0) - len(kept)
        kept += [self.fill(schema.get("items") or {}, "", DEEPEST) for _ in range(missing)]
        return kept[: schema.get("maxItems", len(kept))]

    def _default(self, schema: Schema, name: str, depth: int) -> Any:
        kind = schema.get("type", "object" if "properties" in schema else "string")
        if kind == "object":
            parts = schema.get("properties", {}).items()
            return {key: self.fill(part, key, depth + 1) for key, part in parts}
        if schema.get("enum"):
            return schema["enum"][0]
        empty: dict[str, Any] = {"array": [], "integer": 0, "number": 0, "boolean": False, "null": None}
        return self._fit(schema, empty[kind]) if kind in empty else self._fit(schema, "")
