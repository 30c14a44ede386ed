"""Help, wrong usage and faulty input: what is printed where, and the exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import tidu
from tests.commands.workbooks import DATES, GOOD, INNOVATIVE, run
from tidu.cli import COMMANDS

PAGES = [(), *((name,) for name in COMMANDS), ("packs", "list"), ("packs", "check"), ("packs", "show")]


def tidu_process(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, in a plain C locale."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(tidu.__file__).parents[1]), "LC_ALL": "C"}
    command = [sys.executable, "-m", "tidu.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: " ".join(path) or "tidu")
def test_help_of_every_command_is_chinese(capsys: pytest.CaptureFixture[str], path: tuple[str, ...]) -> None:
    ran = run(capsys, *path, "--help")

    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(f"用法：{' '.join(('tidu', *path))}")
    assert "--help, -h" in ran.out or "-h, --help" in ran.out
    for english in ("Usage", "Options", "Arguments", "required", "default", "Show this"):
        assert english not in ran.out


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys).out == run(capsys, "--help").out


def test_help_names_every_command_once_with_its_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line.split(maxsplit=1) for line in run(capsys, "--help").out.splitlines()]

    listed = {line[0]: line[1].strip() for line in lines if len(line) == 2 and line[0] in COMMANDS}
    assert listed == {name: sentence for name, (_, sentence) in COMMANDS.items()}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["asess"], "没有命令 asess。是否想写 assess。"),
        (["packs", "lst"], "没有命令 lst。是否想写 list。"),
        (["assess"], "缺少参数 WORKBOOK。请补上。"),
        (["explain", "x.xlsx"], "缺少选项 --firm 代码。请补上。"),
        (["assess", "x.xlsx", "y.xlsx"], "多出了参数 (y.xlsx)。"),
        (["assess", "x.xlsx", "--law-dat", "2024-06-01"], "没有选项 --law-dat。是否想写 --law-date？"),
        (["assess", "x.xlsx", "--law-date", "2024-13-01"], "--law-date 日期 的值不对：“2024-13-01”不是日期。请写成 2024-06-01 的形式。"),
        (["assess", "x.xlsx", "--law-date"], "选项 --law-date 的写法不对：它后面应有一个值；只是开关的，后面不带值。"),
        (["assess", "x.xlsx", "--out", "a.doc"], "--out 文件 的值不对：“a.doc”的结尾不能识别。请以 .json、.xlsx 或 .parquet 结尾。"),
        (["assess", "x.xlsx", "--application", "old"], "--application new|review 的值不对：“old”不能识别。首次申报写 new，复核写 review。"),
        (["template", "a.xls"], "OUT.xlsx 的值不对：“a.xls”的结尾不能识别。空白表是 Excel 文件，请以 .xlsx 结尾。"),
        (
            ["settle", "x.xlsx", "--ruling", "R4"],
            "--ruling 编号=选项 的值不对：“R4”不能识别。请写成 编号=选项，例如 R4=核定年；选项见 tidu packs show R4。",
        ),
        (["simulate", "x.xlsx"], "没有说明改什么。请用 --change 给出修改后的规则文件，或用 --ruling 给出改用的口径。"),
        (["simulate", "x.xlsx", "--out", "a.parquet"], "--out 文件 的值不对：“a.parquet”的结尾不能识别。请以 .json 或 .xlsx 结尾。"),
        (["demo", "--years", "2023-2021"], "--years 年度 的值不对：“2023-2021”不能识别。请写成 2021-2023 或 2021,2022。"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_says_what_and_where_to_look(capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str) -> None:
    ran = run(capsys, *arguments)

    first, last = ran.err.splitlines()
    assert (ran.status, ran.out, first) == (2, "", sentence)
    assert last.startswith("用法见：tidu")
    assert last.endswith("--help")


def test_unknown_standard_is_faulty_input(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    ran = run(capsys, "assess", workbook, "--standard", "不存在的标准", *DATES)

    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("没有名为“不存在的标准”的标准。可用：")
    assert len(ran.err.splitlines()) == 1


def test_standard_not_in_force_names_its_texts(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    ran = run(capsys, "assess", workbook, "--standard", INNOVATIVE, "--law-date", "2020-01-01")

    assert (ran.status, ran.out) == (1, "")
    assert ran.err == (
        "2020-01-01 没有现行的“创新型中小企业”标准（新申报）。已登记的文本：2022版（2022-08-01 起，长期）。请换一个政策日期（--law-date）。\n"
    )


def test_unknown_firm_is_faulty_input(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    ran = run(capsys, "explain", workbook, "--firm", "91420114MA0000009X", *DATES)

    assert (ran.status, ran.out) == (1, "")
    assert ran.err == "数据中没有统一社会信用代码为 91420114MA0000009X 的企业。请核对代码。\n"


def test_packs_that_are_missing_are_faulty_input(capsys: pytest.CaptureFixture[str], workbook: Path, tmp_path: Path) -> None:
    ran = run(capsys, "assess", workbook, "--packs", tmp_path / "own", *DATES)

    assert (ran.status, ran.out, ran.err) == (1, "", f"找不到规则“{tmp_path / 'own'}”。请核对路径。\n")


def test_remarks_never_replace_the_data(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    before = workbook.read_bytes()

    ran = run(capsys, "assess", workbook, "--remarks", workbook, *DATES)

    assert (ran.status, ran.out, ran.err) == (1, "", f"--remarks 不能写到数据文件“{workbook}”本身。请换一个文件名。\n")
    assert workbook.read_bytes() == before


def test_every_problem_of_the_input_is_a_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "firms.json").write_text(
        f'{{"firms": [{{"统一社会信用代码": "{GOOD}", "企业名称": "甲", "年度数据": [{{"年度": 2023, "营业收入": "很多", "研发费用": "不少"}}]}}]}}',
        encoding="utf-8",
    )

    ran = run(capsys, "assess", tmp_path / "firms.json", *DATES)

    assert (ran.status, ran.out) == (1, "")
    assert [("营业收入" in line, "研发费用" in line) for line in ran.err.splitlines()] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--help"], 0),
        (["packs", "check"], 0),
        (["assess", "missing.xlsx"], 1),
        (["assess", "missing.xlsx", "--law-date", "yesterday"], 2),
    ],
    ids=["help", "success", "faulty input", "wrong usage"],
)
def test_exit_status_of_the_process(tmp_path: Path, arguments: list[str], status: int) -> None:
    ran = tidu_process(*arguments, folder=tmp_path)

    assert ran.returncode == status
    assert bool(ran.stdout) is (status == 0)
    assert bool(ran.stderr) is (status != 0)
    assert "Traceback" not in ran.stderr


def test_help_imports_no_engine(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from tidu.cli import main\n"
        "status = main(['--help'])\n"
        "heavy = {'polars', 'pyarrow', 'duckdb', 'xlsxwriter', 'highspy', 'numpy'} & set(sys.modules)\n"
        "sys.exit(status or len(heavy))\n"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(tidu.__file__).parents[1])}

    ran = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False)

    assert (ran.returncode, ran.stderr) == (0, "")


def test_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(tidu.__file__).parents[1])}
    command = f"{sys.executable} -m tidu.cli packs list --json | head -1"

    ran = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False
    )

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "{\n", "")
