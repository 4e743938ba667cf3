"""What one row of the table of resource types says, and the words it is written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation.account import Account

Given = Callable[[Any, Record], Record]
Reshape = Callable[[Account, Record], Record]
# The name of the property that names a resource, where there is none that can be made up.
NAMELESS = "-"
# What a reshaping function finds beside the properties: the name made up for the resource.
NAME = "AWS::Name"


@dataclass(frozen=True, slots=True)
class Facet:
    """Properties of a resource that have operations of their own.

    Attributes:
        names: The properties; where one is set or changed, the operation is called.
        put: The operation that sets them.
        drop: The operation that takes them away; "" where none does.
        given: The parameters that ``put`` and ``drop`` get from the value of the first property
            and from all properties, beside what names the resource; the properties where left out.
        each: Whether the operations are called for each item of the first property.
        read: The operation that tells what is set; "" where none does.
        taken: What ``drop`` gets instead, where that differs.
        keep: Whether deleting the resource takes it away anyhow.
        later: Whether creating sets it too, so that only changes need the operation.
        switch: Whether false means that it is taken away.
    """

    names: tuple[str, ...]
    put: str
    drop: str = ""
    given: Given | None = None
    each: bool = False
    read: str = ""
    taken: Given | None = None
    keep: bool = False
    later: bool = False
    switch: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How a resource is looked up.

    Attributes:
        operation: The operation.
        given: Its parameters as JMESPath over what is known of the resource; its required members
            by their names where left out.
        path: Where the answer tells of the resource, as JMESPath.
    """

    operation: str
    given: Mapping[str, str] | None = None
    path: str = "@"


@dataclass(frozen=True, slots=True)
class Tagging:
    """The operations that tag what exists already.

    Attributes:
        tag: The operation that adds tags.
        untag: The operation that removes them.
        by: The members that name the resource to both, as JMESPath over what is known of it.
    """

    tag: str
    untag: str
    by: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How resources of one type are made from the operations of a service.

    Properties go to the members of an operation that are spelled alike.

    Attributes:
        service: The name botocore gives the service.
        create: The operation that creates; "" where the facets do. As for the next three, the
            one that is named after the type where left out.
        update: The operation that changes; "" where only the facets do.
        delete: The operation that deletes; "" where nothing has to be deleted.
        reading: How it is looked up.
        names: The members that properties mean which are spelled otherwise.
        keys: Members that name the resource to the operations, though they do not require them.
        name: The property that holds its name; the one named after the type where left out.
        named: What becomes of a name that is made up, where it cannot be as it is.
        ref: The attributes that its physical id consists of; the registry's where left out.
        attributes: Where attributes are found in what operations answered, as JMESPath.
        reshape: A function that rewrites the properties for creating and changing.
        change: Another one for changing, where that differs.
        facets: Properties with operations of their own.
        tagging: The operations for its tags, where changing does not set them.
        whole: Whether changing sets everything, so that what is left out is taken away.
        overwrites: Whether creating would take over what exists already, without a word.
        ignored: Properties that ask for what is so anyhow.
        shared: Whether several can have the same name.
        replaced: Whether every change makes another one in its place.
        remade: Whether changing it means to delete it and to create it again under its id.
        finish: What is done once it is created and has all its facets.
        clear: What has to go before it can be deleted.
    """

    service: str
    create: str | None = None
    update: str | None = None
    delete: str | None = None
    reading: Reading | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    name: str = ""
    named: Callable[[str, Record], str] | None = None
    ref: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    reshape: Reshape | None = None
    change: Reshape | None = None
    facets: tuple[Facet, ...] = ()
    tagging: Tagging | None = None
    whole: bool = False
    overwrites: bool = False
    ignored: tuple[str, ...] = ()
    shared: bool = False
    replaced: bool = False
    remade: bool = False
    finish: Callable[[Account, Record], None] | None = None
    clear: Callable[[Account, Record], None] | None = None
