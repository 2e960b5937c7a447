"""Files that are wrong: one readable report each, in exactly these words. More of them are in `tests/cases`."""

import os
import re

import pytest

from components import compose
from components.errors import ComposeError

WEB = "services:\n  web:\n    image: nginx\n"


def report(*files: str, **options: object) -> str:
    with pytest.raises(ComposeError) as raised:
        compose.load(files, {}, **options)
    return str(raised.value)


def test_no_file_at_all():
    assert report() == "no Compose file is named; name at least one"


def test_a_folder_without_a_compose_file(folder):
    with pytest.raises(ComposeError) as raised:
        compose.find("there")
    assert str(raised.value) == "no Compose file in there; write compose.yaml, or name the files"


def test_a_file_that_is_missing(folder):
    assert report("gone.yaml") == "gone.yaml: no such file; check the path, relative to the working directory"


def test_all_missing_files_are_named_at_once(folder):
    assert [line.partition(":")[0] for line in report("a.yaml", "b.yaml").splitlines()] == ["a.yaml", "b.yaml"]


def test_a_folder_in_place_of_a_file(folder):
    (folder / "compose.yaml").mkdir()
    assert report("compose.yaml") == "compose.yaml: is a directory; name the file in it"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_permission(folder, write):
    write({"compose.yaml": WEB})
    (folder / "compose.yaml").chmod(0)
    assert report("compose.yaml") == "compose.yaml: cannot be read (permission denied); check its permissions"


def test_a_file_that_is_not_utf_8(folder):
    (folder / "compose.yaml").write_bytes(b"services:\n  web: {image: \xff}\n")
    assert report("compose.yaml") == "compose.yaml:2: is not UTF-8 (byte 25); save it as UTF-8"


def test_a_file_that_says_utf_16_and_is_not(folder):
    (folder / "compose.yaml").write_bytes(b"\xff\xfe\x00")
    assert report("compose.yaml") == "compose.yaml:1: is not UTF-16 (byte 2); save it as UTF-8"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_with_a_byte_order_mark_or_other_line_ends_is_read(folder, encoding, end):
    (folder / "compose.yaml").write_bytes("services:\n  web: {image: é, imge: x}\n".replace("\n", end).encode(encoding))
    assert report("compose.yaml").startswith('compose.yaml:2:19 services.web.imge: unknown key "imge"; did you mean')


@pytest.mark.parametrize(("character", "name"), [("\x00", "U+0000"), ("\x07", "U+0007"), ("\ufffe", "U+FFFE")])
def test_a_file_with_a_control_character(refused, character, name):
    assert refused(f"# é\nservices: {character}\n") == (
        f"compose.yaml:2: holds the control character {name}; take it out, or write it as an escape in double quotes"
    )


def test_a_path_with_a_zero_byte(refused):
    assert refused(WEB + '    extends: {file: "a\\0b", service: c}\n').endswith("correct the path")
    assert report("a\0b") == "a\\0b: is not a path; take the zero byte out"


def test_a_pipe_and_a_device_in_place_of_a_file(folder):
    os.mkfifo(folder / "pipe")
    assert report("pipe") == "pipe: is not a regular file; write to a file first, and name that"
    assert report("/dev/zero") == "/dev/zero: is not a regular file; write to a file first, and name that"
    assert report("/dev/null") == "/dev/null: is empty; describe at least one service under services:"


def test_a_file_that_is_too_large(folder):
    (folder / "compose.yaml").write_bytes(b"#" * (16 * 2**20 + 1))
    assert report("compose.yaml") == "compose.yaml: is larger than 16 MiB; split it"


@pytest.mark.parametrize("text", ["[" * 10_000, "{a: " * 10_000, "- " * 10_000, "? " * 10_000])
def test_values_that_lie_too_deep(refused, text):
    assert re.fullmatch(
        r"compose.yaml:\d+:\d+: values lie more than 100 deep; nest less", refused("x-deep:\n  " + text)
    )


def test_aliases_that_nest_too_deep(refused):
    def ladder(name, value):
        return f"{name}: &{name} " + "[" * 60 + value + "]" * 60

    assert refused("\n".join([ladder("x-a", "1"), ladder("x-b", "*x-a"), WEB])) == (
        f"compose.yaml:1:51 x-b{'[0]' * 100}: aliases nest values more than 100 deep; write fewer aliases of aliases"
    )


def test_a_hundred_levels_are_read(load):
    depth = 95  # and the levels around them
    text = f"{WEB}x-deep: {'[' * depth}{']' * depth}\n"
    assert list(load(text).services) == ["web"]


@pytest.mark.parametrize("item", ["a", "[]", "*a"])
def test_a_file_of_too_many_values(refused, item):
    assert refused(f"a: &a x\nx: [{f'{item},' * 1_000_000}]").startswith("compose.yaml:2:4")


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n", "null\n"])
def test_an_empty_file(refused, text):
    assert refused(text) == "compose.yaml: is empty; describe at least one service under services:"


def test_a_file_that_is_an_empty_mapping(refused):
    assert refused("{}\n") == "compose.yaml: is empty; describe at least one service under services:"


def test_text_that_is_not_yaml(refused):
    assert refused("services: [\n") == (
        "compose.yaml:2:1: is not YAML (did not find expected node content); correct the YAML"
    )


def test_tabs(refused):
    assert refused("services:\n\tweb:\n") == (
        "compose.yaml:2:1: is not YAML (found character that cannot start any token); indent with spaces"
    )


def test_a_list_at_the_top(refused):
    assert refused("- a\n") == "compose.yaml:1:1: is not a mapping; begin with services:"


def test_an_alias_without_an_anchor(refused):
    assert refused("services: *a\n") == "compose.yaml:1:11: is not YAML (found undefined alias); correct the YAML"


def test_an_anchor_that_contains_itself(refused):
    assert refused("x: &a [*a]\n" + WEB) == (
        "compose.yaml:1:4 x[0]: an anchor contains an alias of itself; break the cycle"
    )


def test_aliases_of_aliases_that_explode(refused):
    lines = ["x0: &x0 [a, a, a, a, a, a, a, a, a, a]"]
    lines += [f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 10)}]" for n in range(1, 9)]
    first, *others = refused("\n".join(lines)).splitlines()
    assert first.endswith("aliases expand to more than 1000000 values; write fewer aliases of aliases")
    assert others == []


def test_a_duplicate_key(refused):
    assert refused(WEB + "    image: redis\n") == (
        "compose.yaml:4:5 services.web.image: duplicate key, first on line 3; remove one of them"
    )


@pytest.mark.parametrize(("key", "shown"), [("80", "80"), ("true", "true"), ("~", "~"), ("1.5", "1.5")])
def test_a_key_that_is_not_a_string(refused, key, shown):
    assert refused(f"{WEB}    labels: {{{key}: x}}\n") == (
        f"compose.yaml:4:14 services.web.labels: the key {shown} is not a string; put it in quotes"
    )


def test_an_unknown_key_gets_a_suggestion(refused):
    assert refused("services: {web: {image: x, deploy: {replica: 2}}}\n") == (
        'compose.yaml:1:37 services.web.deploy.replica: unknown key "replica"; did you mean "replicas"? '
        "(known: endpoint_mode, labels, mode, placement, replicas, resources, restart_policy, rollback_config, "
        "update_config)"
    )


def test_an_unknown_key_of_our_own_block_gets_a_suggestion(refused):
    assert refused("services: {web: {image: x, x-slipway: {ingres: {}}}}\n") == (
        'compose.yaml:1:40 services.web.x-slipway.ingres: unknown key "ingres"; did you mean "ingress"? '
        "(known: autoscale, ingress, managed, patch)"
    )


def test_a_wrong_type(refused):
    assert refused("services: {web: {image: [x]}}\n") == (
        "compose.yaml:1:18 services.web.image: a list is not a string; write a string"
    )


def test_a_name_that_no_service_may_have(refused):
    assert refused("services: {a b: {image: x}}\n") == (
        'compose.yaml:1:12 services.a b: unknown key "a b"; use letters, digits, ., - and _'
    )


def test_an_unset_variable_that_is_required(refused):
    assert refused("services: {web: {image: 'x:${TAG:?which one}'}}\n") == (
        "compose.yaml:1:18 services.web.image: required variable TAG is not set: which one; "
        "give it a value in .env, slipway:env or slipway:secrets"
    )


def test_an_undefined_network(refused):
    assert refused("services: {web: {image: x, networks: [front]}}\n") == (
        'compose.yaml:1:39 services.web.networks.front: undefined network "front"; add it under networks:'
    )


def test_a_dependency_cycle_shows_its_way(refused):
    text = "services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, depends_on: [a]}\n"
    assert refused(text) == (
        "compose.yaml:3:30 services.b.depends_on.a: dependency cycle: a -> b -> a; take one of them out"
    )


def test_a_chain_of_five_thousand_services_is_no_cycle(load):
    lines = [f"  s{n}: {{image: x, depends_on: [s{n + 1}]}}" for n in range(5000)]
    app = load("services:\n" + "\n".join(lines) + "\n  s5000: {image: x}\n")
    assert len(app.services) == 5001


def test_an_extends_cycle_shows_its_way(refused):
    text = "services:\n  a: {extends: b}\n  b: {extends: {file: other.yaml, service: c}}\n"
    other = "services: {c: {extends: {file: compose.yaml, service: a}}}\n"
    assert refused(text, files={"other.yaml": other}) == (
        "compose.yaml:2:7 services.a.extends: extends itself: "
        "a in compose.yaml -> b in compose.yaml -> c in other.yaml -> a in compose.yaml; take one extends: out"
    )


def test_an_include_cycle_shows_its_way(refused):
    assert refused("include: [b.yaml]\n" + WEB, files={"b.yaml": "include: [compose.yaml]\n"}) == (
        "b.yaml:1:11 include[0]: includes itself: compose.yaml -> b.yaml -> compose.yaml; take one of them out"
    )


def test_a_file_to_extend_or_include_that_is_missing(refused):
    assert refused("services: {a: {extends: {file: gone.yaml, service: b}}}\n") == (
        'compose.yaml:1:16 services.a.extends: no such file "gone.yaml"; correct the path'
    )
    assert refused("include: [gone.yaml]\n" + WEB) == (
        'compose.yaml:1:11 include[0]: no such file "gone.yaml"; correct the path'
    )


def test_a_base_service_that_is_missing(refused):
    assert refused("services: {a: {extends: bas}, base: {image: x}}\n") == (
        'compose.yaml:1:16 services.a.extends: "bas" is not a service of compose.yaml; '
        'did you mean "base"? (known: a, base)'
    )


def test_an_env_file_that_is_missing(refused):
    assert refused(WEB + "    env_file: [a.env, {path: b.env, required: false}]\n") == (
        'compose.yaml:4:16 services.web.env_file[0]: no such file "a.env"; correct the path, or write required: false'
    )


def test_an_env_file_with_a_bad_line(refused):
    assert refused(WEB + "    env_file: a.env\n", files={"a.env": "A=1\nB C=2\n"}) == (
        'a.env:2: "B C" is not a name of a variable; write NAME=value'
    )


def test_a_list_over_a_mapping(refused, write):
    write({"over.yaml": "services: {web: {deploy: {placement: {preferences: [{spread: x}]}}}, b: {image: b}}\n"})
    text = "services: {web: {image: x, x-own: {a: b}}}\n"
    write({"compose.yaml": text, "over.yaml": "services: {web: {x-own: [a]}}\n"})
    assert report("compose.yaml", "over.yaml") == (
        "over.yaml:1:18 services.web.x-own: cannot replace a mapping; write a mapping, or mark it !override"
    )


def test_an_inactive_dependency_names_its_profiles(refused):
    text = "services: {web: {image: x, depends_on: [db]}, db: {image: y, profiles: [full]}}\n"
    assert refused(text) == (
        'compose.yaml:1:41 services.web.depends_on.db: service "db" is inactive; '
        "activate one of its profiles (full) or write required: false"
    )


def test_a_project_name_that_cannot_be_one(refused):
    assert refused(WEB, name="My Shop") == (
        '"My Shop" is not a project name; use lower-case letters, digits, - and _, and begin with a letter or digit'
    )


def test_files_are_named_as_the_user_named_them(folder, write):
    write({"sub/compose.yaml": "services: {web: {imge: x}}\n"})
    assert report("./sub/compose.yaml").startswith("./sub/compose.yaml:1:18 services.web.imge: ")
    assert report(str(folder / "sub/compose.yaml")).startswith(f"{folder}/sub/compose.yaml:1:18 ")


def test_the_problems_of_all_files_are_reported_at_once(write):
    write({"a.yaml": "services: {web: {imge: x}}\n", "b.yaml": "services: {web: {comand: x}}\n"})
    assert [line.partition(" ")[0] for line in report("a.yaml", "b.yaml").splitlines()] == [
        "a.yaml:1:18",
        "b.yaml:1:18",
    ]


def test_an_empty_path_of_a_file_of_variables(refused):
    assert refused(f"{WEB}    env_file: ['']\n") == (
        'compose.yaml:4:16 services.web.env_file[0]: no such file ""; correct the path, or write required: false'
    )


@pytest.mark.parametrize("target", [0, 65536])
def test_a_port_that_no_container_has(refused, target):
    assert refused(f"{WEB}    ports: [{{target: {target}}}]\n") == (
        f"compose.yaml:4:13 services.web.ports[0]: {target} is not a port of a container; "
        "write a number from 1 to 65535"
    )


def test_a_mount_and_a_tmpfs_at_one_place_written_in_two_ways(refused):
    text = f"{WEB}    volumes: [{{type: volume, target: /a/../b/}}]\n    tmpfs: [/b]\n"
    assert refused(text) == (
        "compose.yaml:4:15 services.web.volumes[0]: /b is mounted already by tmpfs[0]; choose another target"
    )


def test_an_unknown_format_of_a_file_of_variables(refused):
    assert refused(f"{WEB}    env_file: [{{path: a.env, format: row}}]\n") == (
        'compose.yaml:4:30 services.web.env_file[0].format: "row" is not a format of a file of variables; '
        'did you mean "raw"? (known: .env, raw)'
    )


REMOTE = ["https://example.com/a.yaml", "oci://docker.io/x/y", "git@github.com:a/b.git", "github.com/a/b"]


@pytest.mark.parametrize("file", REMOTE)
def test_remote_files_are_named_as_such(refused, file):
    what = f'"{file}" is a remote file, and only local ones are read; copy the file into the project\n'
    included = f"compose.yaml:1:11 include[0]: {what}".strip()
    extended = f"compose.yaml:1:16 services.a.extends: {what}".strip()
    assert refused(f"include: ['{file}']\n{WEB}") == included
    assert refused(f"services: {{a: {{extends: {{file: '{file}', service: a}}}}}}") == extended


def test_a_mapping_where_the_schema_allows_anything_and_the_platform_a_string(refused):
    assert refused(WEB + "    storage_opt: {size: {a: b}}\n") == (
        "compose.yaml:4:19 services.web.storage_opt.size: a mapping is not a plain string; write a plain string"
    )


def test_ranges_of_ports_that_explode_are_refused_once(refused):
    assert refused(f"{WEB}    ports: [{', '.join(['1-65535:1-65535'] * 1000)}]\n") == (
        "compose.yaml:4:64 services.web.ports[3]: ranges come to more than 200000 items; write smaller ranges"
    )


def test_a_chain_of_extends_has_a_limit(refused):
    chain = "".join(f"  s{n}: {{extends: s{n + 1}}}\n" for n in range(101))
    assert refused(f"services:\n{chain}  s101: {{image: x}}\n").splitlines()[0] == (
        "compose.yaml:102:10 services.s100.extends: extends more than 100 others; take some of them out"
    )
