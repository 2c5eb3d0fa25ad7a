"""The sentence encoder as an ONNX graph: token ids and a mask in, what the sentence means out.

Responsible for: the arithmetic of all-MiniLM-L6-v2 (a six-layer BERT), in ONNX with 7-bit weights and in plain numpy
as the measure for it. The meaning is read after four of its layers, each the mean over the tokens at length 1: the
last is the model's own embedding, the earlier ones keep more of the wording, which tells close intents apart.
Not here: files and digests (build_encoder).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

Weights = Mapping[str, np.ndarray]

LAYERS, HEADS, WIDTH, EPSILON = 6, 12, 384, 1e-12
HEAD = WIDTH // HEADS
READ_AFTER = (6, 5, 3, 0)  # layers; 0 is the embedding table
OPSET, IR = 17, 8


def read_safetensors(path: Path) -> dict[str, np.ndarray]:
    """The float32 tensors of a safetensors file, by name."""
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:start])
    floats = {name: spec for name, spec in header.items() if spec.get("dtype") == "F32"}
    return {name: _tensor(raw, start, spec) for name, spec in floats.items()}


def _tensor(raw: bytes, start: int, spec: Mapping[str, Any]) -> np.ndarray:
    begin, end = spec["data_offsets"]
    return np.frombuffer(raw[start + begin : start + end], dtype="<f4").reshape(spec["shape"])


def quantise(matrix: np.ndarray, axis: int, limit: int = 63) -> tuple[np.ndarray, np.ndarray]:
    """Whole numbers and the scale of each row or column, so that numbers x scale is nearly the matrix.

    64 steps each way, not 128: on processors without VNNI two 8-bit products overflow their 16-bit sum, and the
    same sentence would get another vector on another machine.
    """
    scale = np.maximum(np.abs(matrix).max(axis=axis, keepdims=True) / limit, 1e-12).astype(np.float32)
    return np.rint(matrix / scale).astype(np.int8), scale


class Graph:
    """Collects nodes and constants; names are numbers, so that the same weights give the same bytes."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[TensorProto] = []
        self._names: Iterator[int] = count()

    def const(self, value: Any, dtype: Any = np.float32) -> str:
        name = f"c{next(self._names)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(np.asarray(value, dtype=dtype)), name))
        return name

    def add(self, op: str, *inputs: str, outputs: int = 1, **attributes: Any) -> Any:
        names = [f"t{next(self._names)}" for _ in range(outputs)]
        self.nodes.append(helper.make_node(op, list(inputs), names, **attributes))
        return names[0] if outputs == 1 else names

    def dense(self, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """x @ weight.T + bias, the product in whole numbers."""
        numbers, scale = quantise(weight.T, axis=0)
        x8, x_scale, x_zero = self.add("DynamicQuantizeLinear", x, outputs=3)
        product = self.add("MatMulInteger", x8, self.const(numbers, np.int8), x_zero, self.const(0, np.int8))
        real = self.add("Cast", product, to=TensorProto.FLOAT)
        return self.add("Add", self.add("Mul", real, self.add("Mul", x_scale, self.const(scale[0]))), self.const(bias))

    def norm(self, x: str, weights: Weights, prefix: str) -> str:
        scale, bias = self.const(weights[f"{prefix}.weight"]), self.const(weights[f"{prefix}.bias"])
        return self.add("LayerNormalization", x, scale, bias, axis=-1, epsilon=EPSILON)


def build(weights: Weights) -> ModelProto:
    """The whole encoder. Inputs `ids` and `mask` (int64, batch x length); output `vector` (float32, batch x 1536)."""
    g = Graph()
    mask = g.add("Cast", "mask", to=TensorProto.FLOAT)
    x = _embed(g, weights)
    far = g.add("Mul", g.add("Sub", g.const(1.0), mask), g.const(-10000.0))
    bias = g.add("Unsqueeze", far, g.const([1, 2], np.int64))
    after = [x]
    for layer in range(LAYERS):
        after.append(_layer(g, after[-1], bias, weights, f"encoder.layer.{layer}"))
    _pool(g, [after[layer] for layer in READ_AFTER], mask)
    return _model(g)


def _embed(g: Graph, weights: Weights) -> str:
    words, scale = quantise(weights["embeddings.word_embeddings.weight"], axis=1, limit=127)
    token = g.add("Cast", g.add("Gather", g.const(words, np.int8), "ids"), to=TensorProto.FLOAT)
    token = g.add("Mul", token, g.add("Gather", g.const(scale), "ids"))
    # every text is one segment, so the first row of the segment table belongs to each position
    table = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    length = g.add("Slice", g.add("Shape", "ids"), g.const([1], np.int64), g.const([2], np.int64))
    place = g.add("Slice", g.const(table), g.const([0], np.int64), length, g.const([0], np.int64))
    return g.norm(g.add("Add", token, place), weights, "embeddings.LayerNorm")


def _layer(g: Graph, x: str, bias: str, weights: Weights, prefix: str) -> str:
    seen = g.add("Add", x, _attention(g, x, bias, weights, f"{prefix}.attention"))
    x = g.norm(seen, weights, f"{prefix}.attention.output.LayerNorm")
    inner = _linear(g, x, weights, f"{prefix}.intermediate.dense")
    bent = g.add("Erf", g.add("Div", inner, g.const(math.sqrt(2))))
    gelu = g.add("Mul", g.add("Mul", inner, g.add("Add", bent, g.const(1.0))), g.const(0.5))
    out = _linear(g, gelu, weights, f"{prefix}.output.dense")
    return g.norm(g.add("Add", x, out), weights, f"{prefix}.output.LayerNorm")


def _linear(g: Graph, x: str, weights: Weights, prefix: str) -> str:
    return g.dense(x, weights[f"{prefix}.weight"], weights[f"{prefix}.bias"])


def _attention(g: Graph, x: str, bias: str, weights: Weights, prefix: str) -> str:
    def heads(part: str, order: list[int]) -> str:
        flat = _linear(g, x, weights, f"{prefix}.self.{part}")
        split = g.add("Reshape", flat, g.const([0, 0, HEADS, HEAD], np.int64))
        return g.add("Transpose", split, perm=order)

    query, key, value = heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1]), heads("value", [0, 2, 1, 3])
    score = g.add("Div", g.add("MatMul", query, key), g.const(math.sqrt(HEAD)))
    share = g.add("Softmax", g.add("Add", score, bias), axis=-1)
    mixed = g.add("Transpose", g.add("MatMul", share, value), perm=[0, 2, 1, 3])
    return _linear(g, g.add("Reshape", mixed, g.const([0, 0, WIDTH], np.int64)), weights, f"{prefix}.output.dense")


def _pool(g: Graph, layers: list[str], mask: str) -> None:
    wide = g.add("Unsqueeze", mask, g.const([2], np.int64))
    # the mean and the sum point the same way, and only the direction is kept
    totals = [g.add("ReduceSum", g.add("Mul", x, wide), g.const([1], np.int64), keepdims=0) for x in layers]
    parts = [g.add("LpNormalization", total, axis=-1, p=2) for total in totals]
    g.nodes.append(helper.make_node("Concat", parts, ["vector"], axis=-1))


def _model(g: Graph) -> ModelProto:
    shape = ["batch", "length"]
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("ids", "mask")]
    output = helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["batch", WIDTH * len(READ_AFTER)])
    graph = helper.make_graph(g.nodes, "sentence-encoder", inputs, [output], g.constants)
    opset = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=IR, producer_name="nightlight")
    checker.check_model(model)
    return model


def forward(weights: Weights, ids: list[int]) -> np.ndarray:
    """The vector of one text in float32 by numpy alone: what the graph is measured against."""
    x = weights["embeddings.word_embeddings.weight"][ids] + weights["embeddings.token_type_embeddings.weight"][0]
    x = _np_norm(x + weights["embeddings.position_embeddings.weight"][: len(ids)], weights, "embeddings.LayerNorm")
    after = [x]
    for layer in range(LAYERS):
        after.append(_np_layer(after[-1], weights, f"encoder.layer.{layer}"))
    means = [after[layer].mean(axis=0) for layer in READ_AFTER]
    return np.concatenate([mean / np.linalg.norm(mean) for mean in means])


def _np_layer(x: np.ndarray, weights: Weights, prefix: str) -> np.ndarray:
    seen = x + _np_attention(x, weights, f"{prefix}.attention")
    x = _np_norm(seen, weights, f"{prefix}.attention.output.LayerNorm")
    inner = _np_linear(x, weights, f"{prefix}.intermediate.dense")
    gelu = inner * 0.5 * (1 + np.vectorize(math.erf)(inner / math.sqrt(2)))
    return _np_norm(x + _np_linear(gelu, weights, f"{prefix}.output.dense"), weights, f"{prefix}.output.LayerNorm")


def _np_linear(x: np.ndarray, weights: Weights, prefix: str) -> np.ndarray:
    return x @ weights[f"{prefix}.weight"].T + weights[f"{prefix}.bias"]


def _np_norm(x: np.ndarray, weights: Weights, prefix: str) -> np.ndarray:
    centred = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
    return centred / spread * weights[f"{prefix}.weight"] + weights[f"{prefix}.bias"]


def _np_attention(x: np.ndarray, weights: Weights, prefix: str) -> np.ndarray:
    def heads(part: str) -> np.ndarray:
        return _np_linear(x, weights, f"{prefix}.self.{part}").reshape(len(x), HEADS, HEAD).transpose(1, 0, 2)

    score = heads("query") @ heads("key").transpose(0, 2, 1) / math.sqrt(HEAD)
    share = np.exp(score - score.max(axis=-1, keepdims=True))
    share /= share.sum(axis=-1, keepdims=True)
    mixed = (share @ heads("value")).transpose(1, 0, 2).reshape(len(x), WIDTH)
    return _np_linear(mixed, weights, f"{prefix}.output.dense")
