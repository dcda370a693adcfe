"""Find, read and check the configuration; every problem of every file is reported at once."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from scraper.config.policy import Policy
from scraper.config.settings import Settings
from scraper.config.sources import Family, Source, merged
from scraper.config.units import Section
from scraper.config.watches import Watch, Watches
from scraper.errors import ConfigError, NotFoundError

Model = TypeVar("Model", bound=BaseModel)

WATCHES = "watches.toml"
_PREFIX = "SCRAPER_"
_NOT_SETTINGS = re.compile("SCRAPER_(CONFIG|DATA|SHARED|SECRET_.*)")


class Config(Section):
    """Everything under ``config/``, checked.

    Attributes:
        folder: Where it was read from.
        sources: By name, in alphabetical order, disabled ones included.
        families: Publishing systems by name.
        watches: In the order of the file.
    """

    folder: Path
    settings: Settings
    policy: Policy
    sources: dict[str, Source]
    families: dict[str, Family] = {}
    watches: list[Watch] = []

    @property
    def enabled(self) -> dict[str, Source]:
        """The sources that are polled."""
        return {name: source for name, source in self.sources.items() if source.enabled}

    def polls(self, name: str) -> bool:
        """Whether a source of this name is there and is polled."""
        source = self.sources.get(name)
        return source is not None and source.enabled

    def watch(self, name: str) -> Watch:
        """One watch by name.

        Raises:
            NotFoundError: There is none of that name; the message lists those there are.
        """
        found = next((watch for watch in self.watches if watch.name == name), None)
        if found is None:
            known = ", ".join(watch.name for watch in self.watches)
            hint = f"there are {known}" if known else "make one with: scraper watches add NAME"
            raise NotFoundError(f"no watch {name!r} in {self.folder / WATCHES}; {hint}")
        return found

    def outlet(self, source: str) -> str:
        """A source's title; its name when there is no such source any more."""
        return self.sources[source].title if source in self.sources else source

    @property
    def agencies(self) -> frozenset[str]:
        """The sources that are a news agency's own."""
        return frozenset(name for name, source in self.sources.items() if source.news_agency)

    def source(self, name: str) -> Source:
        """One source by name.

        Raises:
            NotFoundError: No file of that name; the message lists the nearest.
        """
        if name not in self.sources:
            near = difflib.get_close_matches(name, self.sources, n=3, cutoff=0.4) or list(self.sources)[:8]
            hint = f"try {', '.join(near)}" if near else "make one with: scraper sources add URL"
            raise NotFoundError(f"no source {name!r} in {self.folder / 'sources'}; {hint}")
        return self.sources[name]

    def source_for(self, url: str) -> Source | None:
        """The source whose hosts hold this address, if any."""
        return next((source for source in self.sources.values() if source.owns(url)), None)


def find_folder(given: Path | None = None) -> Path:
    """``--config``, else ``SCRAPER_CONFIG``, else ``./config``, else the copy that comes with the package.

    Raises:
        ConfigError: The folder that was named holds no ``settings.toml``.
    """
    named = given or (Path(os.environ["SCRAPER_CONFIG"]) if os.environ.get("SCRAPER_CONFIG") else None)
    if named is not None:
        if not (named / "settings.toml").is_file():
            raise ConfigError([f"{named}: holds no settings.toml; point --config or SCRAPER_CONFIG at a config folder"])
        return named
    package = Path(__file__).resolve().parents[1]
    for candidate in (Path("config"), package / "_config", package.parent / "config"):
        if (candidate / "settings.toml").is_file():
            return candidate
    raise ConfigError(["no config folder found: looked in ./config and in the installed package; use --config"])


def load(folder: Path | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """Read the whole configuration.

    Args:
        folder: See :func:`find_folder`.
        environ: Overrides such as ``SCRAPER_FETCH__MIN_DELAY=5s``; the process environment by default.

    Raises:
        ConfigError: With every problem found in every file.
    """
    where = find_folder(folder)
    problems: list[str] = []
    settings = _load_settings(where, os.environ if environ is None else environ, problems)
    policy = _load_policy(where / "policy.toml", problems)
    families = _load_families(where, problems)
    sources = _load_sources(where, families, problems)
    path = where / WATCHES
    watches = _checked(Watches, _read(path, problems) or {} if path.is_file() else {}, path, problems)
    if settings is not None and watches is not None:
        problems += unknown_names(path, watches.watches, settings, sources)
    if problems or settings is None or policy is None or watches is None:
        raise ConfigError(problems)
    return Config(
        folder=where,
        settings=settings,
        policy=policy,
        sources=sources,
        families=families,
        watches=watches.watches,
    )


def load_policy(folder: Path | None = None) -> Policy:
    """Only the policy rules; the rest of the configuration is not looked at.

    Raises:
        ConfigError: With every problem of ``policy.toml``.
    """
    problems: list[str] = []
    policy = _load_policy(find_folder(folder) / "policy.toml", problems)
    if policy is None:
        raise ConfigError(problems)
    return policy


def load_families(folder: Path | None = None) -> dict[str, Family]:
    """Only the publishing systems.

    Raises:
        ConfigError: With every problem of their files.
    """
    problems: list[str] = []
    families = _load_families(find_folder(folder), problems)
    if problems:
        raise ConfigError(problems)
    return families


def _load_settings(where: Path, environ: Mapping[str, str], problems: list[str]) -> Settings | None:
    path = where / "settings.toml"
    raw = _read(path, problems)
    if raw is None:
        return None
    for name, value in sorted(environ.items()):
        if name.startswith(_PREFIX) and not _NOT_SETTINGS.fullmatch(name):
            _override(raw, name.removeprefix(_PREFIX).lower().split("__"), value)
    return _checked(Settings, raw, path, problems)


def _override(raw: dict[str, Any], keys: list[str], value: str) -> None:
    table = raw
    for key in keys[:-1]:
        below = table.get(key)
        if not isinstance(below, dict):
            below = table[key] = {}
        table = below
    try:
        table[keys[-1]] = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        table[keys[-1]] = value


def _load_policy(path: Path, problems: list[str]) -> Policy | None:
    raw = _read(path, problems)
    if raw is None:
        return None
    version = hashlib.blake2b(path.read_bytes(), digest_size=6).hexdigest()
    return _checked(Policy, {**raw, "version": version}, path, problems)


def _load_families(where: Path, problems: list[str]) -> dict[str, Family]:
    families: dict[str, Family] = {}
    for path in sorted((where / "families").glob("*.toml")):
        raw = _read(path, problems) or {}
        marks = raw.pop("marks", [])
        family = _checked(Family, {"name": path.stem, "marks": marks, "rules": raw}, path, problems)
        if family is not None:
            families[family.name] = family
    return families


def _load_sources(where: Path, families: dict[str, Family], problems: list[str]) -> dict[str, Source]:
    sources: dict[str, Source] = {}
    for path in sorted((where / "sources").glob("*.toml")):
        raw = _read(path, problems)
        if raw is None:
            continue
        family = raw.get("family", "")
        if family and family not in families:
            problems.append(f"{path}: family is {family!r}; known are {', '.join(families) or 'none'}")
            continue
        rules = families[family].rules if family else {}
        source = _checked(Source, merged(rules, {**raw, "name": path.stem}), path, problems)
        if source is not None:
            sources[source.name] = source
    return sources


def parsed_watches(text: str, path: Path) -> list[Watch]:
    """The watches that a text for ``watches.toml`` holds.

    Raises:
        ConfigError: With every problem; ``path`` is named as the file.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{path}: is not TOML: {error}"]) from error
    problems: list[str] = []
    found = _checked(Watches, raw, path, problems)
    if found is None:
        raise ConfigError(problems)
    return found.watches


def unknown_names(path: Path, watches: Sequence[Watch], settings: Settings, sources: Mapping[str, Source]) -> list[str]:
    """One sentence for each outlet and channel that a watch names and that is not there."""
    return [
        f"{path}: {watch.name}: {key}: {name!r} is not {what}; known are {', '.join(sorted(known))}"
        for watch in watches
        for key, names, what, known in (
            ("outlets", watch.outlets, "a source", sources),
            ("channels", watch.channels, "a channel of settings.toml", settings.channels),
        )
        for name in names
        if name not in known
    ]


def _read(path: Path, problems: list[str]) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problems.append(f"{path}: cannot be read: {error.strerror or error}")
    except UnicodeDecodeError as error:
        problems.append(f"{path}: is not UTF-8: {error.reason} at byte {error.start}")
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{path}: is not TOML: {error}")
    return None


def _checked(model: type[Model], raw: dict[str, Any], path: Path, problems: list[str]) -> Model | None:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        problems += [_sentence(model, path, dict(item)) for item in error.errors()]
        return None


def _sentence(model: type[BaseModel], path: Path, item: dict[str, Any]) -> str:
    """One problem in words: file, key, what was found, what is allowed."""
    key = ".".join(str(part) for part in item["loc"])
    if item["type"] == "extra_forbidden":
        allowed = _keys_at(model, item["loc"][:-1])
        near = difflib.get_close_matches(str(item["loc"][-1]), allowed, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"allowed are {', '.join(sorted(allowed))}"
        return f"{path}: {key}: unknown key; {hint}"
    if item["type"] == "missing":
        return f"{path}: {key}: is missing"
    message = item["msg"].removeprefix("Value error, ")
    found = "" if isinstance(item["input"], dict) or repr(item["input"]) in message else f" (found {item['input']!r})"
    return f"{path}: {key + ': ' if key else ''}{message}{found}"


def _keys_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    current: Any = model
    for part in loc:
        if isinstance(part, int) or not hasattr(current, "model_fields"):
            continue
        field = current.model_fields.get(part)
        if field is None:
            continue
        candidates = [field.annotation, *getattr(field.annotation, "__args__", ())]
        current = next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), current)
    return list(getattr(current, "model_fields", {}))
