"""Resources made as a row of the table and the schema of the registry say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jmespath  # type: ignore[import-untyped]  # it has no stubs
from botocore.model import ListShape, MapShape

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation import operations
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.coercion import coerced, member, tags_of
from mlaudit.emulator.cloudformation.resources import Made, is_missing, not_served
from mlaudit.emulator.cloudformation.rows import NAME, Facet, Row
from mlaudit.emulator.cloudformation.schemas import Schema
from mlaudit.emulator.errors import Refusal


@dataclass(frozen=True, slots=True)
class Generic:
    """The provider of one type: its row, with all operations named, and its schema."""

    row: Row
    schema: Schema

    @property
    def name_property(self) -> str | None:
        """The property that holds the name of a resource, None where there is none."""
        own = self.schema.type_name.rsplit("::", 1)[-1]
        names = (self.row.name,) if self.row.name else (f"{own}Name", "Name")
        known = set(self.schema.properties) - set(self.schema.read_only)
        return next((name for name in names if name in known), None)

    @property
    def only_name(self) -> str | None:
        """The same property, where two resources cannot have one name."""
        return None if self.row.shared else self.name_property

    @property
    def replaced(self) -> bool:
        """Whether every change makes another one in its place."""
        return self.row.replaced

    @property
    def readable(self) -> bool:
        """Whether there is an operation that describes a resource."""
        return self.row.reading is not None or any(facet.read for facet in self.row.facets)

    def member(self, name: str) -> str:
        """Return what operations call a property."""
        return self.row.names.get(name, name)

    def create(self, account: Account, made: Made, properties: Record) -> None:
        """Call the operation that creates, then those of the facets.

        Raises:
            Refusal: One was refused; what exists already has a physical id.
        """
        wanted = self._named(made, properties)
        made.properties = properties
        written = self._written(account, made, wanted)
        params, taken = operations.offered(self.row.service, self.row.create or "", written)
        self._check_taken(wanted, written, taken)
        made.known = {
            "AWS::Region": account.call.region,
            "AWS::AccountId": account.call.account,
            "Id": made.name,
            **written,
            **params,
        }
        if self.row.overwrites:
            self._check_new(account, made)
        self._do(account, made, self.row.create or "", params)
        made.physical_id = self._identifier(made)
        for facet in self.row.facets:
            if not facet.later:
                self._exchange(account, made, facet, ({}, wanted))
        if self.row.finish:
            self.row.finish(account, made.known)
        self._look(account, made)

    def update(self, account: Account, made: Made, properties: Record) -> None:
        """Call the operations that change what differs.

        Raises:
            Refusal: One was refused, or there is none for it.
        """
        if self.row.remade:
            self.delete(account, made)
            self.create(account, made, properties)
            return
        before, wanted = self._named(made, made.properties), self._named(made, properties)
        changed = {key for key in {*before, *wanted} if before.get(key) != wanted.get(key)}
        changed -= set(self.row.ignored)
        rest = changed - {name for facet in self.row.facets for name in facet.names}
        if self.row.tagging and self.schema.tags in rest:
            self._tag(account, made, tags_of(wanted.get(self.schema.tags)))
            rest.discard(self.schema.tags)
        if rest:
            self._change(account, made, wanted, rest)
        for facet in self.row.facets:
            if changed & set(facet.names):
                self._exchange(account, made, facet, (before, wanted))
        made.properties = properties
        made.known |= self._written(account, made, wanted)
        self._look(account, made)

    def delete(self, account: Account, made: Made) -> None:
        """Take away what must go first, then call the operation that deletes.

        Raises:
            Refusal: One was refused for another reason than that it is gone already.
        """
        for facet in reversed(self.row.facets):
            if facet.drop and not facet.keep:
                self._exchange(account, made, facet, (self._named(made, made.properties), {}))
        if self.row.clear:
            self.row.clear(account, made.known)
        if self.row.delete:
            params, _ = operations.offered(
                self.row.service, self.row.delete, made.known, self.row.keys
            )
            self._take(account, self.row.delete, params)

    def read(self, account: Account, made: Made) -> Record | None:
        """Return what describing it tells; None where it is gone.

        Raises:
            Refusal: It was refused for another reason than that it is gone.
        """
        try:
            return self._told(account, made)
        except Refusal as refusal:
            if is_missing(refusal):
                return None
            raise

    def attribute(self, made: Made, name: str) -> Any:
        """Return an attribute: from what was answered, else from the properties."""
        found = made.known.get(name)
        for part in name.split(".") if found is None else ():
            found = operations.by_plain(found if found is not None else made.known, part)
            if not isinstance(found, dict):
                break
        return found

    def _named(self, made: Made, properties: Record) -> Record:
        name = self.name_property
        if name is None or name in properties:
            return properties
        text = self.row.named(made.name, properties) if self.row.named else made.name
        longest = int(self.schema.properties[name].get("maxLength", 128))
        if len(text) > longest:
            head, _, token = text.rpartition("-")
            text = f"{head[: longest - len(token) - 1].rstrip('-')}-{token}"
        return {**properties, name: text}

    def _written(
        self, account: Account, made: Made, properties: Record, *, changing: bool = False
    ) -> Record:
        """Return properties as operations call them."""
        reshape = (self.row.change if changing else None) or self.row.reshape
        shaped = dict(properties)
        if reshape:
            shaped = reshape(account, {**properties, NAME: made.name})
            shaped.pop(NAME, None)
        return {self.member(name): value for name, value in shaped.items()}

    def _check_taken(self, properties: Record, written: Record, taken: set[str]) -> None:
        """Refuse properties that nothing would become of."""
        others = {name for facet in self.row.facets for name in facet.names}
        for name in properties:
            served = name in others or name in self.row.ignored or self.member(name) in taken
            if self.member(name) in written and not served:
                raise not_served(name, self.schema.type_name)

    def _check_new(self, account: Account, made: Made) -> None:
        """Refuse to take over what exists already, where the service itself would not mind."""
        tentative = Made(made.name, self._identifier(made), known=made.known)
        if self.read(account, tentative) is not None:
            raise Refusal(
                "AlreadyExists",
                f"Resource of type '{self.schema.type_name}' with identifier "
                f"'{tentative.physical_id}' already exists.",
            )

    def _identifier(self, made: Made) -> str:
        parts = self.row.ref or self.schema.identifier
        return "|".join(str(self.attribute(made, part)) for part in parts)

    def _do(self, account: Account, made: Made, operation: str, params: Record) -> None:
        """Call an operation and learn from its answer."""
        if operation:
            made.known |= operations.flat(account.ask(self.row.service, operation, params))
        made.known |= operations.searched(self.row.attributes, made.known)

    def _take(self, account: Account, operation: str, params: Record) -> None:
        """Call an operation that takes away what may be gone already."""
        try:
            account.ask(self.row.service, operation, params)
        except Refusal as refusal:
            if not is_missing(refusal):
                raise

    def _exchange(
        self, account: Account, made: Made, facet: Facet, sides: tuple[Record, Record]
    ) -> None:
        """Take away what a facet was, and set what it is to be."""
        before, wanted = sides
        old, new = list(_items(facet, before)), list(_items(facet, wanted))
        others = any(before.get(name) != wanted.get(name) for name in facet.names[1:])
        off = facet.switch and wanted.get(facet.names[0]) is not None and not new
        for item in old or ([None] if off else []):
            if (others and facet.each) or (item not in new and (facet.each or not new)):
                if not facet.drop:
                    raise not_served(f"{facet.names[0]}, once set,", self.schema.type_name)
                given = (facet.taken or facet.given or _own(facet))(item, {**made.known, **before})
                self._take(account, facet.drop, self._asked(facet.drop, made, given))
        for item in new:
            if item not in old or others or not facet.each:
                given = (facet.given or _own(facet))(item, {**made.known, **wanted})
                self._do(account, made, facet.put, self._asked(facet.put, made, given))

    def _asked(self, operation: str, made: Made, given: Record) -> Record:
        own = operations.exactly(self.row.service, operation, given)
        known = {key: value for key, value in made.known.items() if key not in own}
        params, _ = operations.offered(self.row.service, operation, known, self.row.keys)
        return {**params, **own}

    def _change(self, account: Account, made: Made, wanted: Record, changed: set[str]) -> None:
        """Call the operation that changes with what differs, or with everything."""
        service, operation = self.row.service, self.row.update or ""
        shape = operations.shape_of(service, operation)
        if shape is None:
            raise not_served(f"{min(changed)}, once set,", self.schema.type_name)
        written = self._written(account, made, wanted, changing=True)
        gone = [name for name in changed - set(wanted) if member(shape, self.member(name))]
        for name in changed - set(gone):
            lost = name not in wanted and self.row.change is None
            if member(shape, self.member(name)) is None and (self.member(name) in written or lost):
                raise not_served(f"{name}, once set,", self.schema.type_name)
        stated = {self.member(name) for name in wanted}
        sent = {
            name: value
            for name, value in written.items()
            if self.row.whole or name not in stated or name in map(self.member, changed)
        }
        params = operations.exactly(service, operation, sent)
        named, _ = operations.offered(service, operation, made.known, self.row.keys)
        params = {**named, **params}
        for name in gone:
            self._empty(params, name)
        self._do(account, made, operation, params)

    def _empty(self, params: Record, name: str) -> None:
        """Take a property away: leave it out where that does, else set it to nothing."""
        shape = operations.shape_of(self.row.service, self.row.update or "")
        found = member(shape, self.member(name)) if shape else None
        if shape is None or found is None:
            raise not_served(f"{name}, once set,", self.schema.type_name)
        params.pop(found, None)
        inner = shape.members[found]
        default = self.schema.properties.get(name, {}).get("default")
        if self.row.whole:
            return
        if default is not None:
            params[found] = coerced(default, inner, name)
        elif isinstance(inner, (ListShape, MapShape)):
            params[found] = [] if isinstance(inner, ListShape) else {}
        elif inner.type_name == "string" and not inner.metadata.get("min"):
            params[found] = ""
        else:
            raise not_served(f"{name}, once set,", self.schema.type_name)

    def _tag(self, account: Account, made: Made, after: dict[str, str]) -> None:
        tagging, before = self.row.tagging, tags_of(made.properties.get(self.schema.tags or ""))
        if tagging is None:
            return
        gone = [key for key in before if key not in after]
        new = {key: value for key, value in after.items() if before.get(key) != value}
        by = operations.searched(tagging.by, made.known)
        for operation, what in ((tagging.untag, gone), (tagging.tag, new)):
            shape = operations.shape_of(self.row.service, operation)
            names = [each for each in shape.members if each not in by] if shape else []
            target = next((each for each in names if "tag" in each.lower()), None)
            if what and target:
                params = operations.exactly(self.row.service, operation, {**by, target: what})
                account.ask(self.row.service, operation, params)

    def _look(self, account: Account, made: Made) -> None:
        if self.readable:
            made.seen = self._told(account, made) or {}
            made.known |= {key: each for key, each in made.seen.items() if key[0] != "@"}
        made.known |= operations.searched(self.row.attributes, made.known)

    def _told(self, account: Account, made: Made) -> Record | None:
        told: Record = {}
        reading, service = self.row.reading, self.row.service
        if reading is not None:
            params, _ = operations.offered(service, reading.operation, made.known, self.row.keys)
            if reading.given is not None:
                params = operations.searched(reading.given, made.known)
            answer = account.ask(service, reading.operation, params)
            found = jmespath.search(reading.path.replace("{id}", made.physical_id), answer)
            if found is None:
                return None
            told |= operations.flat(found) if isinstance(found, dict) else {}
        for facet in self.row.facets:
            if facet.read and any(name in made.properties for name in facet.names):
                params, _ = operations.offered(service, facet.read, made.known, self.row.keys)
                told[f"@{facet.names[0]}"] = account.ask(service, facet.read, params)
        return told


def _items(facet: Facet, properties: Record) -> Iterator[Any]:
    value = properties.get(facet.names[0])
    if facet.each:
        yield from value or ()
    elif facet.switch:
        yield from [value] if str(value).lower() == "true" else []
    elif any(properties.get(name) is not None for name in facet.names):
        yield value


def _own(facet: Facet) -> Any:
    return lambda _item, known: {name: known[name] for name in facet.names if name in known}
