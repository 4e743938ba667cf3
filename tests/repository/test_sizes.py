"""Code that is read in one sitting, and one place alone that catches everything."""

import ast
from collections.abc import Iterator
from pathlib import Path

FILE_LINES = 400
FUNCTION_LINES = 60
FILE_BYTES = 1_000_000
BROAD = {"Exception", "BaseException"}


def test_no_file_is_too_long(product_modules: tuple[Path, ...]) -> None:
    lengths = {str(path): len(path.read_text().splitlines()) for path in product_modules}
    assert {path: lines for path, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_too_long(product_modules: tuple[Path, ...]) -> None:
    lengths = dict(length for path in product_modules for length in _lengths(path))
    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES} == {}


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


def _lengths(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def _is_broad(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    each = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(isinstance(name, ast.Name) and name.id in BROAD for name in each)
