"""YAML as plain values, with the line each of them stands on: what is wrong can be pointed at."""

from __future__ import annotations

from typing import Any

from cleanclaim.errors import InputError

Path_ = tuple[str | int, ...]


class Document:
    """One file: its values, and for every path into them the line. ``refused`` says what a fault keeps from use."""

    def __init__(
        self, name: str, values: Any, lines: dict[Path_, int], refused: str = "Nothing of this policy is used."
    ) -> None:
        self.file, self.values, self.lines, self.refused = name, values, lines, refused

    def fault(self, path: Path_, what: str, next_step: str) -> InputError:
        """What is wrong, where, and what to do."""
        line = next((self.lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.lines), 1)
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
        at = f", {place}" if place else ""
        return InputError(f"{self.file}, line {line}{at}: {what}; {next_step}. {self.refused}")


class YamlDocument(Document):
    """A document read from YAML, in which every key stands once.

    Raises InputError, with file and line, for any text that cannot be read so.
    """

    def __init__(self, text: str, name: str, **said: str) -> None:
        # Imported here: a run without claims of a payer that has a policy should not pay for it. The C reader is ten
        # times faster, and not in every build of PyYAML.
        import yaml  # noqa: PLC0415

        super().__init__(name, {}, {}, **said)
        self._nodes = yaml.nodes
        self._loader: Any = None
        try:
            self._loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
            node = self._loader.get_single_node()
            self.values = {} if node is None else self._plain(node, ())
        except RecursionError as error:  # a list within itself (&a [*a]) is such a text too
            raise InputError(f"{name}: lists within lists, too deep to read. Mend the file and try again.") from error
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f", line {mark.line + 1}" if mark is not None else ""
            problem = getattr(error, "problem", None) or "no YAML"
            raise InputError(f"{name}{where}: this is not YAML ({problem}). Mend the file and try again.") from error
        finally:
            if self._loader is not None:
                self._loader.dispose()

    def _plain(self, node: Any, path: Path_) -> Any:
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, self._nodes.MappingNode):
            found: dict[str, Any] = {}
            for key_node, value_node in node.value:
                key = str(key_node.value)
                if key in found:
                    self.lines[(*path, key)] = key_node.start_mark.line + 1
                    raise self.fault((*path, key), "the key stands twice", "keep one of them")
                found[key] = self._plain(value_node, (*path, key))
                self.lines[(*path, key)] = key_node.start_mark.line + 1
            return found
        if isinstance(node, self._nodes.SequenceNode):
            return [self._plain(entry, (*path, number)) for number, entry in enumerate(node.value)]
        try:
            return self._loader.construct_object(node)
        except (ValueError, LookupError, AttributeError) as error:  # 2026-02-30: written as a date, and none
            if node.tag.endswith(":timestamp"):
                raise self.fault(path, f"{node.value!r} is no date", "write it as YYYY-MM-DD") from error
            raise self.fault(path, "the value is not of the kind its tag names", "put it in quotes") from error
