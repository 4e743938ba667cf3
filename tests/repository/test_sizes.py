"""Code that is read in one sitting, and one place alone that catches everything."""

import ast
from collections.abc import Iterator
from pathlib import Path

FILE_LINES = 400
# Without signature and docstring: a command has a parameter for each of its options.
BODY_LINES = 40
FILE_BYTES = 1_000_000
BROAD = {"Exception", "BaseException"}


def test_no_file_is_too_long(product_modules: tuple[Path, ...]) -> None:
    lengths = {str(path): len(path.read_text().splitlines()) for path in product_modules}
    assert {path: lines for path, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_too_long(product_modules: tuple[Path, ...]) -> None:
    lengths = dict(length for path in product_modules for length in _body_lengths(path))
    assert {name: lines for name, lines in lengths.items() if lines > BODY_LINES} == {}


def test_only_the_engine_catches_everything(root: Path, product_modules: tuple[Path, ...]) -> None:
    catching = [
        path.relative_to(root).as_posix()
        for path in product_modules
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type)
    ]
    assert catching == ["auditor/mlaudit/engine.py"]


def test_no_file_is_too_big(repository_files: tuple[Path, ...]) -> None:
    sizes = {str(path): path.stat().st_size for path in repository_files}
    assert {path: size for path, size in sizes.items() if size > FILE_BYTES} == {}


def _body_lengths(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[1 if ast.get_docstring(node) and len(node.body) > 1 else 0]
            yield f"{path}:{node.name}", (node.end_lineno or first.lineno) - first.lineno + 1


def _is_broad(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    each = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(isinstance(name, ast.Name) and name.id in BROAD for name in each)
