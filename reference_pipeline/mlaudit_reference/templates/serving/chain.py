"""Stack ``serving-chain``: several models score files one after another (guide items 4.7, 4.9).

Each model is a link: it reads the files of the chain, or what the link before it made, which are
the records together with what that link answered (``SageMakerOutput``). Links after the same one
run at the same time. The results of the last links lie under ``scored/chain/<link>/``, what is in
between under ``scored/chain/between-<link>/``. See ``pages`` for how each file is scored once.
"""

from __future__ import annotations

from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.manifest.serving import Link
from mlaudit_reference.templates.language import Content, Properties, Stack, Value, att
from mlaudit_reference.templates.machines import State, States, caught
from mlaudit_reference.templates.serving import jobs, models, scoring
from mlaudit_reference.templates.serving.pages import RECORDED


def _content(manifest: Manifest) -> Content:
    states = _jobs(manifest, None, RECORDED)
    resources = {
        **{_model(each): _made(manifest, each) for each in manifest.chain.links},
        **scoring.scheduled(manifest, Mode.CHAIN, states, _model_names(manifest)),
    }
    parameters = {
        _package(manifest, each): models.package_parameter(f"The version of link {each.name}")
        for each in manifest.chain.links
    }
    return Content(resources, parameters=parameters)


STACK = Stack(
    name="serving-chain",
    about="A state machine in which several models score files one after another.",
    wanted=lambda manifest: Mode.CHAIN in manifest.targets,
    content=_content,
)


def _model(link: Link) -> str:
    return f"{models.logical(link.name)}Model"


def _package(manifest: Manifest, link: Link) -> str:
    return models.package_of(link.name, manifest.chain.links[0].name)


def _made(manifest: Manifest, link: Link) -> Properties:
    return models.model(manifest, [models.container(_package(manifest, link))])


def _model_names(manifest: Manifest) -> dict[str, Value]:
    return {_model(each): att(_model(each), "ModelName") for each in manifest.chain.links}


def _jobs(manifest: Manifest, after: str | None, then: str) -> States:
    """The states that run the links after one of them, or those that come first.

    Args:
        manifest: The manifest.
        after: The link before them; ``None`` for the files of the chain.
        then: The state after the last of them.
    """
    links = [each for each in manifest.chain.links if each.after == after]
    if len(links) == 1:
        return _line(manifest, links[0], then)
    branches = [_branch(manifest, each) for each in links]
    name = f"After{models.logical(after)}" if after else "First"
    parallel = {
        "Type": "Parallel",
        "Branches": branches,
        "Catch": caught("TellFailure"),
        "Next": then,
    }
    return {name: parallel}


def _line(manifest: Manifest, link: Link, then: str) -> States:
    """A link and all that comes after it."""
    followed = any(each.after == link.name for each in manifest.chain.links)
    rest = _jobs(manifest, link.name, then) if followed else {}
    state = jobs.score(_job(manifest, link, last=not followed), next(iter(rest), then))
    return {f"Score{models.logical(link.name)}": state, **rest}


def _branch(manifest: Manifest, link: Link) -> State:
    """A link and all that comes after it, beside others; when one of them fails, all do."""
    end = f"Scored{models.logical(link.name)}"
    states = _line(manifest, link, end)
    for state in states.values():
        state.pop("Catch")
    return {"StartAt": next(iter(states)), "States": {**states, end: {"Type": "Succeed"}}}


def _job(manifest: Manifest, link: Link, *, last: bool) -> State:
    source = jobs.manifest_file(Mode.CHAIN)
    if link.after:
        made = jobs.folder(Mode.CHAIN, f"between-{link.after}")
        source = {"S3DataType": "S3Prefix", "S3Uri": made}
    between = jobs.folder(Mode.CHAIN, f"between-{link.name}")
    arguments = jobs.job(
        manifest,
        Mode.CHAIN,
        model=f"${{{_model(link)}}}",
        source=source,
        target=jobs.results(Mode.CHAIN, link.name) if last else between,
    )
    # The next link needs the record as well as what was said of it.
    return arguments if last else {**arguments, "DataProcessing": {"JoinSource": "Input"}}
