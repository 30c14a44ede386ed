"""Refusals of files, each with its own code and sentence: what it is, why not, what to do."""

from __future__ import annotations

from tidu.kernel.errors import TiduError

TAKEN = "可以上传 PDF、PNG 或 JPEG 图片、Word（.docx）和 Excel（.xlsx）文件。"

SENTENCES = {
    "file-empty": "“{name}”是空文件（0 字节），没有保存。请重新导出或扫描后上传。",
    "file-too-large": "“{name}”有 {size}，超过每个文件 {most} 的上限，没有保存。请降低扫描分辨率，或者拆成几个文件上传。",
    "file-svg": "“{name}”是 SVG 图形，里面可以带脚本，没有保存。请导出成 PDF 或 PNG 再上传。",
    "file-html": "“{name}”其实是网页（HTML），没有保存。请打印成 PDF 再上传。",
    "file-zip": "“{name}”是压缩包，没有保存。请解压后把文件一个一个上传。" + TAKEN,
    "file-bomb": "“{name}”解压后大得不正常，像是压缩炸弹，没有保存。正常的文件请用 Word、Excel 或 WPS 重新另存后上传。",
    "file-macro": "“{name}”带有宏，没有保存。请另存为不含宏的 .docx 或 .xlsx 再上传。",
    "file-encrypted": "“{name}”设有打开密码，审核人打不开，没有保存。请取消密码后重新保存再上传。",
    "file-old-office": "“{name}”是旧版 Office 格式（.doc、.xls 等），没有保存。请另存为 .docx、.xlsx 或 PDF 再上传。",
    "file-broken": "“{name}”不是完整的{type}（{why}），没有保存。请用原来的软件打开后重新另存，再上传。",
    "file-mixed": "“{name}”里混有另一种文件的内容（{why}），没有保存。请用原来的软件重新导出后上传。",
    "file-remote": "“{name}”打开时会从别处取内容（{why}），没有保存。请断开外部模板和链接，另存后再上传。",
    "file-program": "“{name}”是程序，没有保存。" + TAKEN,
    "picture-too-large": "“{name}”有 {wide}×{high} 个像素，超过 {most} 万像素的上限，没有保存。请缩小或降低分辨率后上传。",
    "file-unknown": "“{name}”不是能识别的材料格式，没有保存。" + TAKEN,
    "name-missing": "文件没有名字，没有保存。请给文件起一个名字再上传。",
    "name-too-long": "文件名有 {length} 个字，超过 {most} 个字的上限，没有保存。请改短后再上传。",
    "name-control": "文件名里有看不见的控制字符，没有保存。请重新命名后再上传。",
    "name-path": "文件名里带有路径（“/”“\\”或“..”），没有保存。请把文件改成普通的名字再上传。",
}  # fmt: skip


def refusal(code: str, name: str = "", **values: object) -> TiduError:
    """The refusal with a code; ``values`` fill its sentence."""
    return TiduError(code, SENTENCES[code].format(name=name, **values))
