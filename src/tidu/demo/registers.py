"""The registers other than recognitions: contracts, subsidies, awards, standards, violations, moves, payments, investments."""

from __future__ import annotations

from datetime import date

import polars as pl

from tidu.demo.draws import Draws
from tidu.demo.identity import COMPANY, constant
from tidu.kernel.facts import FIRM_CODE, Catalogue
from tidu.kernel.population import event_schema

_ROWS_PER_FIRM = 4096
FRAUD_EVERY = 1500
"""One firm in so many has a finding of fraud: two in a district of 3,000."""


def expanded(base: pl.DataFrame, counts: pl.Series) -> pl.DataFrame:
    """``counts`` rows for each firm, with ``number`` from 0 and a ``key`` of its own for drawing."""
    frame = base.with_columns(counts.cast(pl.Int64).alias("count")).filter(pl.col("count") > 0)
    frame = frame.with_columns(pl.int_ranges(0, pl.col("count")).alias("number")).explode("number", empty_as_null=True)
    return frame.with_columns((pl.col("index").cast(pl.UInt64) * _ROWS_PER_FIRM + pl.col("number").cast(pl.UInt64)).alias("key"))


class Registers:
    """Makes the tables of one district; every method returns the rows of one register, led by ``index``."""

    def __init__(self, seed: int, base: pl.DataFrame, assessed_on: date, facts: Catalogue) -> None:
        self.seed = seed
        self.base = base
        self.assessed_on = assessed_on
        self.facts = facts
        self.draws = Draws(seed, base["index"])

    def _counts(self, name: str, probability: float | pl.Series, most: int = 1) -> pl.Series:
        some = self.draws.chance(f"has {name}", probability)
        return self.draws.integer(f"count of {name}", 1, most) * some.cast(pl.Int64)

    def _better(self, base: float, slope: float) -> pl.Series:
        """A probability that rises with standing and is 0 for firms without research."""
        return ((self.base["standing"].clip(0.0) * slope + base) * (self.base["standing"] > -9.0).cast(pl.Float64)).clip(0.0, 1.0)

    def _rows(self, event: str, counts: pl.Series) -> tuple[pl.DataFrame, Draws]:
        rows = expanded(self.base, counts)
        return rows, Draws(self.seed + len(event), rows["key"])

    def _days_back(self, draws: Draws, name: str, longest: int) -> pl.Series:
        frame = pl.DataFrame({"days": draws.integer(name, 3, longest)})
        return frame.select((pl.lit(self.assessed_on) - pl.duration(days="days")).cast(pl.Date)).to_series()

    def _table(self, event: str, rows: pl.DataFrame, columns: dict[str, pl.Series | pl.Expr]) -> pl.DataFrame:
        schema = event_schema(self.facts, event)
        frame = rows.select("index", FIRM_CODE, "established", *(column.alias(name) for name, column in columns.items()))
        dates = [name for name in columns if name.endswith("日期")]
        if dates:
            frame = frame.filter(pl.col(dates[-1]) > pl.col("established"))
        blank = [pl.lit(None, dtype=kind).alias(name) for name, kind in schema.items() if name not in frame.columns]
        frame = frame.with_columns(blank).with_columns(pl.col(name).cast(kind) for name, kind in schema.items())
        return frame.select("index", *schema)

    def contracts(self) -> pl.DataFrame:
        """技术合同: registered contracts, most of them development and transfer with universities and institutes."""
        rows, draws = self._rows("技术合同", self._counts("contract", self._better(0.02, 0.035), 3))
        kinds = {"技术开发": 46, "技术转让": 20, "专利实施许可": 8, "技术咨询": 10, "技术服务": 16}
        amount = ((draws.normal("contract amount") * 0.9).exp() * 220.0).round(1).clip(5.0, 8000.0)
        return self._table(
            "技术合同",
            rows,
            {
                "合同类型": draws.choose("contract kind", kinds),
                "成交额": (amount * 10).round(0).cast(pl.Int64) * 100_000,
                "登记日期": self._days_back(draws, "contract day", 1000),
                "对方类型": draws.choose("contract partner", {"高等院校": 45, "科研机构": 25, "企业": 30}),
            },
        )

    def subsidies(self, last_year: int) -> pl.DataFrame:
        """研发补贴: paid by province or city for a year, for some firms by both."""
        rows, draws = self._rows("研发补贴", self._counts("subsidy", self._better(0.03, 0.05), 3))
        year = draws.integer("subsidy year", last_year - 1, last_year)
        amount = ((draws.normal("subsidy amount") * 0.8).exp() * 26.0).round(2).clip(2.0, 400.0)
        paid = pl.date(pl.col("year") + 1, 1, 15) + pl.duration(days="days")
        rows = rows.with_columns(year.alias("year"), draws.integer("subsidy day", 0, 130).alias("days"))
        return self._table(
            "研发补贴",
            rows,
            {
                "级别": draws.choose("subsidy level", {"省级": 40, "市级": 60}),
                "金额": (amount * 100).round(0).cast(pl.Int64) * 10_000,
                "日期": paid.cast(pl.Date),
                "年度": year,
            },
        )

    def quality_awards(self) -> pl.DataFrame:
        """质量奖: won or nominated, mostly the district's own."""
        rows, draws = self._rows("质量奖", self._counts("quality award", self._better(0.0, 0.008)))
        names = {"中国质量奖": 2, "长江质量奖": 12, "市长质量奖": 28, "区政府质量奖": 58}
        return self._table(
            "质量奖",
            rows,
            {
                "名称": draws.choose("quality award name", names),
                "结果": draws.choose("quality award result", {"获奖": 60, "提名": 40}),
                "日期": self._days_back(draws, "quality award day", 1200),
            },
        )

    def standards(self) -> pl.DataFrame:
        """标准: led or joined, ranks beyond the second included."""
        rows, draws = self._rows("标准", self._counts("standard", self._better(0.01, 0.06), 3))
        level = draws.choose("standard level", {"国际": 2, "国家": 25, "行业": 38, "地方": 12, "团体": 23})
        role = draws.choose("standard role", {"主持": 25, "参与": 75})
        rank = draws.integer("standard rank", 2, 9).zip_with(role == "参与", draws.integer("lead rank", 1, 1))
        mark = constant("示例标准-", rows["index"]) + draws.integer("standard number", 1000, 39999).cast(pl.String)
        return self._table(
            "标准",
            rows,
            {"标准号": mark, "级别": level, "角色": role, "排名": rank, "日期": self._days_back(draws, "standard day", 1800)},
        )

    def contests(self) -> pl.DataFrame:
        """创客中国: the city's round, and a rare place in the national lists."""
        rows, draws = self._rows("创客中国", self._counts("contest", self._better(0.002, 0.012)))
        places = {"一等奖": 4, "二等奖": 9, "三等奖": 18, "优秀奖": 55, "全国500强": 11, "全国50强": 3}
        return self._table("创客中国", rows, {"名次": draws.choose("place", places), "日期": self._days_back(draws, "contest day", 1250)})

    def science_awards(self) -> pl.DataFrame:
        """科技奖励: provincial, rarely national."""
        rows, draws = self._rows("科技奖励", self._counts("science award", self._better(0.0, 0.012)))
        return self._table(
            "科技奖励",
            rows,
            {
                "级别": draws.choose("science level", {"国家级": 8, "省级": 92}),
                "单位排名": draws.integer("science rank", 1, 7),
                "日期": self._days_back(draws, "science day", 1800),
            },
        )

    def first_rises(self, last_year: int) -> pl.DataFrame:
        """首次进规: industrial firms over the line, entered in the year of founding plus some, by the batches of the roster."""
        over = (self.base["revenue"] >= 2.05e9) & self.base["industry_code"].str.slice(0, 2).is_between(pl.lit("06"), pl.lit("46"))
        rows, draws = self._rows("首次进规", (over & self.draws.chance("entered", 0.88) & (self.base["entity"] == COMPANY)).cast(pl.Int64))
        listed = draws.integer("listed year", last_year - 9, last_year)
        month = draws.choose("roster", {"11": 45, "12": 35, "02": 12, "06": 8})
        day = (listed.cast(pl.String) + "-" + month + "-20").str.to_date("%Y-%m-%d")
        batch = (
            listed.cast(pl.String) + "年" + month.replace_strict({"11": "年度第一批", "12": "年度第二批", "02": "月度2月", "06": "月度6月"})
        )
        return self._table("首次进规", rows, {"日期": day, "名录批次": batch})

    def violations(self) -> pl.DataFrame:
        """重大违法违规: a handful, inside and outside the last three years."""
        rows, draws = self._rows("重大违法违规", self._counts("violation", 0.005))
        kinds = {"安全": 30, "质量": 15, "环境污染": 25, "偷漏税": 20, "其他": 10}
        mark = constant("示例罚〔", rows["index"]) + draws.integer("violation number", 1, 900).cast(pl.String) + "〕号"
        return self._table(
            "重大违法违规",
            rows,
            {"类型": draws.choose("violation kind", kinds), "日期": self._days_back(draws, "violation day", 1900), "文号": mark},
        )

    def frauds(self) -> pl.DataFrame:
        """弄虚作假认定: one or two in the district."""
        found = (self.base["index"] % FRAUD_EVERY == 211).cast(pl.Int64)
        rows, draws = self._rows("弄虚作假认定", found)
        reasons = {"虚报研发费用": 1, "提供虚假合同": 1}
        return self._table(
            "弄虚作假认定", rows, {"日期": self._days_back(draws, "fraud day", 500), "事由": draws.choose("fraud reason", reasons)}
        )

    def moves(self) -> pl.DataFrame:
        """迁移: of registration, tax or statistics to another district."""
        rows, draws = self._rows("迁移", self._counts("move", 0.006, 2))
        return self._table(
            "迁移",
            rows,
            {
                "关系": draws.choose("move of", {"注册地": 40, "纳税": 40, "统计": 20}),
                "迁往": draws.choose("move to", {"420105": 3, "420106": 2, "420113": 3, "420900": 1, "330100": 1}),
                "日期": self._days_back(draws, "move day", 1400),
            },
        )

    def honours(self) -> pl.DataFrame:
        """荣誉: the district's own titles."""
        rows, draws = self._rows("荣誉", self._counts("honour", self._better(0.01, 0.02)))
        names = {"区优秀企业": 50, "区纳税贡献企业": 30, "绿色工厂": 12, "智能工厂": 8}
        level = {"区级": 70, "市级": 22, "省级": 8}
        return self._table(
            "荣誉",
            rows,
            {
                "名称": draws.choose("honour name", names),
                "级别": draws.choose("honour level", level),
                "日期": self._days_back(draws, "honour day", 1500),
            },
        )

    def trade_marks(self) -> pl.DataFrame:
        """商标: for brands of their own; ten years from registration."""
        rows, draws = self._rows("商标", self._counts("trade mark", self._better(0.02, 0.05), 3))
        registered = self._days_back(draws, "trade mark day", 3600)
        mark = draws.integer("trade mark number", 10_000_000, 69_999_999).cast(pl.String)
        name = constant("示例", rows["index"]) + draws.choose("trade mark word", {"楚星": 3, "江工": 3, "知音": 2, "后官": 2})
        classes = draws.choose("trade mark class", {"第7类": 4, "第9类": 4, "第12类": 3, "第42类": 2})
        fields: dict[str, pl.Series | pl.Expr] = {"名称": name, "编号": mark, "类别": classes, "注册日期": registered}
        fields |= {"有效期至": registered.dt.offset_by("10y"), "有效": draws.chance("trade mark in force", 0.9)}
        fields |= {"申请日期": registered.dt.offset_by("-9mo")}
        return self._table("商标", rows, fields)

    def works(self) -> pl.DataFrame:
        """作品著作权: pictures, texts and drawings registered by a few firms."""
        rows, draws = self._rows("作品著作权", self._counts("work", self._better(0.01, 0.015), 2))
        made = self._days_back(draws, "work day", 2600)
        mark = constant("示例作登字-", rows["index"]) + draws.integer("work number", 100_000, 999_999).cast(pl.String)
        name = constant("示例", rows["index"]) + draws.choose("work name", {"产品图样": 4, "宣传画册": 3, "标识": 3})
        kind = draws.choose("work kind", {"美术": 6, "文字": 2, "产品设计图": 2})
        fields: dict[str, pl.Series | pl.Expr] = {"名称": name, "编号": mark, "类别": kind}
        fields |= {"登记日期": made, "创作日期": made.dt.offset_by("-3mo")}
        return self._table("作品著作权", rows, fields)

    def investments(self) -> pl.DataFrame:
        """投资: shares in another firm of the district, or of an unnamed fund in the firm."""
        counts = self._counts("investment", 0.012) * (self.base["entity"] == COMPANY).cast(pl.Int64)
        rows, draws = self._rows("投资", counts * (self.base["index"] > 0).cast(pl.Int64))
        other = (draws.uniform("other firm") * rows["index"]).cast(pl.Int64)
        names = self.base.select(pl.col("index").alias("other"), pl.col("name").alias("对方名称"), pl.col(FIRM_CODE).alias("对方代码"))
        found = pl.DataFrame({"other": other}).join(names, on="other", how="left", maintain_order="left")
        return self._table(
            "投资",
            rows,
            {
                "方向": draws.choose("direction", {"投资": 55, "被投": 45}),
                "对方名称": found["对方名称"],
                "对方代码": found["对方代码"],
                "持股比例": draws.integer("share", 2, 20) * 50_000,
                "日期": self._days_back(draws, "investment day", 2500),
            },
        )


def make_payments(seed: int, recognitions: pl.DataFrame, rises: pl.DataFrame, assessed_on: date, facts: Catalogue) -> pl.DataFrame:
    """奖补发放: the history that follows from titles and first rises, city's and district's part as two rows."""
    titles = recognitions.filter(
        pl.col("名称").is_in(["专精特新小巨人", "专精特新中小企业"]) & (pl.col("日期") < date(assessed_on.year, 1, 1))
    ).select(
        "index",
        FIRM_CODE,
        "日期",
        pl.lit("二（一）4").alias("条款"),
        pl.when(pl.col("级别") == "国家级").then(50).otherwise(20).alias("wan"),
    )
    risen = rises.filter(pl.col("日期") < date(assessed_on.year - 1, 12, 1)).select(
        "index", FIRM_CODE, "日期", pl.lit("二（一）3").alias("条款"), pl.lit(20, dtype=pl.Int32).alias("wan")
    )
    rows = pl.concat([titles, risen]).sort("index", "日期")
    draws = Draws(seed, rows["index"] * 8 + (rows["条款"] == "二（一）4").cast(pl.Int64))
    rows = rows.with_columns(draws.integer("payment delay", 120, 420).alias("days"))
    rows = rows.filter(draws.chance("paid", 0.8)).with_columns((pl.col("日期") + pl.duration(days="days")).cast(pl.Date).alias("日期"))
    rows = rows.filter(pl.col("日期") < assessed_on)
    parts = [rows.with_columns(pl.lit(payer).alias("资金来源")) for payer in ("市级", "区级")]
    schema = event_schema(facts, "奖补发放")
    paid = pl.concat(parts).with_columns((pl.col("wan").cast(pl.Int64) * 1_000_000).alias("金额"))
    return paid.sort("index", "日期", "资金来源").select("index", *(pl.col(name).cast(kind) for name, kind in schema.items()))
