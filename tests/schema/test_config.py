from __future__ import annotations

from pathlib import Path

import pytest

from schema.config import File, Inline, InvalidConfig, Running, SubgraphConfig, read_config


def read(folder: Path, text: str) -> list[SubgraphConfig]:
    path = folder / "supergraph.yaml"
    path.write_bytes(text.encode())
    return read_config(path)


def test_a_schema_is_a_file_a_url_or_a_text(tmp_path: Path) -> None:
    text = """
    federation_version: =2.9.0
    subgraphs:
      a: {routing_url: "http://a", schema: {file: ./a.graphql}}
      b: {schema: {subgraph_url: "http://b", introspection_headers: {x-token: 1}}}
      c: {routing_url: "http://c", schema: {sdl: "type Query { c: Int }"}}
    """
    assert read(tmp_path, text) == [
        SubgraphConfig("a", "http://a", File(tmp_path / "a.graphql")),
        SubgraphConfig("b", "http://b", Running("http://b", {"x-token": "1"})),
        SubgraphConfig("c", "http://c", Inline("type Query { c: Int }")),
    ]


def test_values_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST_OF_A", "a.example")
    text = "subgraphs: {a: {routing_url: 'http://${env.HOST_OF_A}:${env.PORT_OF_A:-4001}', schema: {sdl: x}}}"
    assert read(tmp_path, text)[0].routing_url == "http://a.example:4001"


def test_windows_writes_configs_too(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeffsubgraphs:\r\n  a:\r\n    schema:\r\n      sdl: x\r\n")[0].schema == Inline("x")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ': expected "subgraphs", a map from names to "routing_url" and "schema".'),
        ("subgraphs: {}", ': expected "subgraphs", a map from names to "routing_url" and "schema".'),
        ("subgraphs: [a]", ":1: subgraphs is no map."),
        ("- a", ":1: the config is no map."),
        ("subgraphs:\n  a: b: c", ":2: mapping values are not allowed here."),
        ("subgraphs:\n  a: [", ":2: expected the node content, but found '<stream end>'."),
        ("subgraphs: \0", 'unacceptable character #x0000: special characters are not allowed in "<unicode string>"'),
        ("subgraph: {a: 1}", ":1: the config has the unknown key \"subgraph\". Did you mean 'subgraphs'?"),
        ("subgraphs:\n  a: {schema: {sdl: x}}\n  a: {schema: {sdl: x}}", ':3: subgraphs has "a" twice.'),
        ("subgraphs:\n  '': {schema: {sdl: x}}", ":2: subgraphs has a key without a name."),
        ("subgraphs: {a: {schema: {sdl: x}, rooting_url: x}}", "Did you mean 'routing_url'?"),
        (
            "subgraphs:\n  a: {schema: {}}",
            ':2: subgraph "a" needs a "schema" with a "file", a "subgraph_url" or an "sdl".',
        ),
        ("subgraphs:\n  a:", ':2: subgraph "a" needs a "schema" with a "file", a "subgraph_url" or an "sdl".'),
        ("subgraphs:\n  a: {schema: {sdl: x, file: y}}", ':2: subgraph "a" needs a "schema" with a "file"'),
        ("subgraphs:\n  a:\n    schema: {file: [x]}", ':3: "file" is no text.'),
        ("subgraphs:\n  a: {schema: {sdl: '${env.NOT_THERE}'}}", ":2: The environment has no NOT_THERE."),
    ],
)
def test_a_config_that_is_wrong_is_one_sentence_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InvalidConfig) as raised:
        read(tmp_path, text)
    message = str(raised.value)
    assert message.startswith(str(tmp_path))
    assert told in message
    assert "\n" not in message


@pytest.mark.parametrize(("name", "told"), [("none.yaml", "No such file or directory"), ("", "Is a directory")])
def test_a_config_that_cannot_be_read_is_told(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(InvalidConfig, match=f"Cannot read .*: {told}"):
        read_config(tmp_path / name)


def test_a_config_is_utf8(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"subgraphs: \xe9")
    with pytest.raises(InvalidConfig, match="it is not UTF-8"):
        read_config(path)


def test_the_config_of_the_documentation_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "secret")
    page = (Path(__file__).parents[2] / "docs" / "composition.md").read_text(encoding="utf-8")
    products, reviews, stock = read(tmp_path, page.split("```yaml\n")[1].split("```")[0])
    assert products == SubgraphConfig("products", "http://products/graphql", File(tmp_path / "products.graphql"))
    assert reviews.routing_url == "http://localhost:4002/graphql"
    assert reviews.schema == Running("http://localhost:4002/graphql", {"authorization": "Bearer secret"})
    assert stock.schema == Inline("type Query { inStock(upc: ID!): Boolean }\n")
