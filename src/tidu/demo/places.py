"""Subdistricts, industries and word lists of the fictional district.

Codes of places and industries are the public ones (GB/T 2260 to subdistrict level, GB/T 4754-2017); names of firms are made
of syllables and belong to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

DISTRICT = "420114"
CITY = "420100"
NEIGHBOUR = "420113"
"""Division entered for tax and statistics of firms in the subdistricts that the neighbouring zone runs."""

RUN_BY_ZONE = ("沌口街道", "军山街道", "沌阳街道")

SUBDISTRICTS: dict[str, tuple[str, float]] = {
    "蔡甸街道": ("420114001", 15),
    "奓山街道": ("420114002", 14),
    "永安街道": ("420114003", 5),
    "侏儒山街道": ("420114004", 5),
    "大集街道": ("420114005", 13),
    "张湾街道": ("420114006", 5),
    "索河街道": ("420114007", 3),
    "玉贤街道": ("420114008", 2.5),
    "沌口街道": ("420114070", 5),
    "军山街道": ("420114071", 3),
    "沌阳街道": ("420114072", 3),
    "消泗乡": ("420114200", 1.5),
    "桐湖": ("420114400", 1.5),
    "侏儒山街道洪北片区": ("420114401", 2),
    "中法武汉生态示范城": ("420114404", 4),
    "侏儒山街道成功片区": ("420114406", 1.5),
    "蔡甸经济开发区": ("420114407", 16),
}
"""Name → (code of 9 digits, weight)."""

SMART_HOME, CARS, ELECTRONICS, EQUIPMENT, OTHER = "智能家居", "汽车及零部件", "电子信息", "装备制造", "其他"


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry of the district: GB/T 4754 code, word in firm names, main product, chain and weights by kind of entity.

    ``size`` is the decimal logarithm of the median revenue in 万元, ``productivity`` the median revenue per head in 万元,
    ``research`` how common research is (0 to 1).
    """

    code: str
    word: str
    product: str
    chain: str
    weight: float
    size: float
    productivity: float
    research: float
    household: float = 0.0
    cooperative: float = 0.0


def _factory(chain: str, research: float, *rows: tuple[str, str, str, float]) -> list[Industry]:
    return [Industry(code, word, product, chain, weight, 2.8, 75.0, research, weight * 0.15) for code, word, product, weight in rows]


def _service(size: float, productivity: float, research: float, *rows: tuple[str, str, str, float, float, float]) -> list[Industry]:
    return [
        Industry(code, word, product, OTHER, weight, size, productivity, research, household, cooperative)
        for code, word, product, weight, household, cooperative in rows
    ]


INDUSTRIES: tuple[Industry, ...] = (
    *_factory(
        SMART_HOME,
        0.62,
        ("3851", "制冷电器", "家用制冷电器", 1.6),
        ("3852", "环境电器", "变频空气调节器", 2.2),
        ("3854", "厨房电器", "智能厨房电器", 1.6),
        ("3857", "家电配件", "家电精密结构件", 3.2),
        ("3874", "智能照明", "智能照明灯具", 1.6),
        ("3969", "智能家居", "家居智能控制器", 1.8),
        ("2110", "家居制造", "定制木质家具", 1.6),
    ),
    *_factory(
        CARS,
        0.60,
        ("3612", "新能源汽车", "新能源专用车", 0.5),
        ("3620", "汽车动力", "发动机缸体", 0.8),
        ("3660", "专用车", "厢式半挂车", 0.9),
        ("3670", "汽车零部件", "汽车转向节", 8.5),
        ("2929", "汽车饰件", "汽车内外饰塑料件", 3.0),
        ("2913", "橡胶制品", "汽车减振橡胶件", 1.2),
    ),
    *_factory(
        ELECTRONICS,
        0.74,
        ("3912", "电子科技", "计算机精密部件", 1.5),
        ("3922", "通信技术", "通信终端模组", 1.0),
        ("3973", "集成电路", "车规级功率芯片", 0.7),
        ("3976", "光电子", "光电子器件", 1.4),
        ("3982", "电路科技", "高密度互连电路板", 1.4),
        ("3983", "传感技术", "车用压力传感器", 1.6),
    ),
    *_factory(
        EQUIPMENT,
        0.64,
        ("3421", "数控机床", "立式加工中心", 1.4),
        ("3425", "机床附件", "高速电主轴", 1.2),
        ("3484", "精密机械", "精密机械零部件", 3.6),
        ("3491", "机器人", "工业机器人工作站", 1.4),
        ("3525", "模具科技", "汽车覆盖件模具", 2.4),
        ("3591", "环保装备", "污水处理成套设备", 1.2),
        ("3823", "电气设备", "智能配电开关柜", 2.0),
        ("4011", "自动化", "工业自动控制系统", 1.8),
    ),
    *_factory(
        OTHER,
        0.30,
        ("3311", "钢结构", "装配式钢结构", 2.4),
        ("3021", "建材", "水泥预制构件", 1.8),
        ("2231", "包装", "瓦楞纸箱", 1.5),
        ("2319", "印务", "包装装潢印刷品", 0.9),
        ("1371", "食品", "莲藕制品", 1.2),
        ("1353", "肉食品", "熟肉制品", 0.8),
        ("2770", "医用材料", "医用卫生材料", 0.8),
        ("1019", "矿业", "砂石骨料", 0.4),
        ("4430", "热力", "工业蒸汽", 0.3),
        ("4620", "水务", "再生水", 0.3),
    ),
    *_service(
        2.2,
        25.0,
        0.08,
        ("0141", "蔬菜种植", "设施蔬菜", 1.2, 3.0, 30.0),
        ("0412", "水产养殖", "小龙虾", 0.8, 2.0, 24.0),
        ("0212", "苗木", "园林苗木", 0.6, 0.8, 10.0),
    ),
    *_service(
        3.0,
        70.0,
        0.15,
        ("4710", "建筑工程", "房屋建筑", 1.4, 0.0, 0.0),
        ("4813", "市政工程", "市政道路工程", 1.0, 0.0, 0.0),
        ("5011", "装饰工程", "公共建筑装饰", 1.0, 1.0, 0.0),
    ),
    *_service(2.9, 220.0, 0.03, ("5164", "金属材料", "钢材批发", 1.8, 2.0, 0.0), ("5171", "农机贸易", "农业机械批发", 1.0, 1.0, 2.0)),
    *_service(2.3, 80.0, 0.02, ("5212", "超市", "日用百货", 1.2, 22.0, 0.0), ("5261", "汽车销售", "乘用车", 0.8, 0.5, 0.0)),
    *_service(2.6, 45.0, 0.04, ("5431", "物流运输", "公路货物运输", 1.8, 6.0, 0.0), ("5523", "航运", "内河货物运输", 0.3, 0.0, 0.0)),
    *_service(2.5, 60.0, 0.06, ("5920", "仓储", "通用仓储", 0.8, 0.4, 0.0), ("5930", "冷链", "低温仓储", 0.5, 0.0, 2.0)),
    *_service(2.4, 18.0, 0.02, ("6020", "快递", "快递服务", 1.1, 2.0, 0.0)),
    *_service(2.1, 16.0, 0.0, ("6110", "酒店", "旅游饭店", 0.5, 0.2, 0.0), ("6130", "民宿", "乡村民宿", 0.5, 3.0, 1.0)),
    *_service(1.9, 14.0, 0.0, ("6210", "餐饮", "正餐服务", 1.0, 26.0, 0.0)),
    *_service(2.4, 45.0, 0.40, ("6319", "通信服务", "增值电信服务", 0.5, 0.4, 0.0), ("6429", "网络科技", "互联网信息服务", 0.7, 0.4, 0.0)),
    *_service(2.4, 35.0, 0.78, ("6513", "软件", "工业应用软件", 1.6, 0.0, 0.0), ("6531", "信息技术", "信息系统集成", 1.3, 0.0, 0.0)),
    *_service(3.5, 260.0, 0.0, ("7010", "房地产开发", "商品住宅", 1.0, 0.0, 0.0)),
    *_service(2.3, 11.0, 0.0, ("7020", "物业", "园区物业服务", 1.0, 0.2, 0.0)),
    *_service(2.3, 40.0, 0.05, ("7111", "汽车租赁", "汽车租赁", 0.6, 0.6, 0.0), ("7251", "广告传媒", "互联网广告", 0.8, 0.8, 0.0)),
    *_service(
        2.2,
        26.0,
        0.55,
        ("7320", "工程技术研究", "工程技术试验服务", 0.9, 0.0, 0.0),
        ("7452", "检测技术", "汽车零部件检测", 0.7, 0.0, 0.0),
        ("8030", "洗涤服务", "洗染服务", 0.3, 4.0, 0.0),
    ),
)
"""Every one of the 16 industries of the size classification is among them."""

SECTIONS: tuple[tuple[int, str], ...] = (
    (5, "A 农、林、牧、渔业"),
    (12, "B 采矿业"),
    (43, "C 制造业"),
    (46, "D 电力、热力、燃气及水生产和供应业"),
    (50, "E 建筑业"),
    (52, "F 批发和零售业"),
    (60, "G 交通运输、仓储和邮政业"),
    (62, "H 住宿和餐饮业"),
    (65, "I 信息传输、软件和信息技术服务业"),
    (69, "J 金融业"),
    (70, "K 房地产业"),
    (72, "L 租赁和商务服务业"),
    (75, "M 科学研究和技术服务业"),
    (79, "N 水利、环境和公共设施管理业"),
    (82, "O 居民服务、修理和其他服务业"),
    (83, "P 教育"),
    (85, "Q 卫生和社会工作"),
    (90, "R 文化、体育和娱乐业"),
    (96, "S 公共管理、社会保障和社会组织"),
    (97, "T 国际组织"),
)
"""Last division of each section of GB/T 4754-2017, and its letter and name."""

FIRST_SYLLABLES = tuple("楚沅岚泽恒启澜曜珩琅弘翊钧昕柏葳滢朗霁彦骁澄璟煜铎桓峻谦蔚湛骏沣珺晔禹颢旻皓翰珏瑾稔渝栩谨谌")
MIDDLE_SYLLABLES = tuple("屿陌晗汀禾衡岳砚笙珂湄棠舟筠麓隽岑霖烁俞苑沐翎榆宥屹斐漾淳稷峤洲岱汐枫桉庭潼荻圻泓茗颐澍逸岭昀")
LAST_SYLLABLES = tuple("拓联创擎维程瑞驰锐晟科迪赛达信铭炬诺凌通欣腾辉嘉源茂丰卓精工铂凯朋硕益赫蓝川众旭隆裕玄迈泰朴捷")
RARE_SYLLABLES = ("奓山", "龘垚", "喆犇", "䶮淼", "赟昇", "𣲘沄", "翀骉", "湜㵘")
"""Characters that fonts, code pages and collations stumble over; one lies outside the basic plane."""
