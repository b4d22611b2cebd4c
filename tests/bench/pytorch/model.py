"""The student and the teacher of MetaLMO in plain PyTorch: section 2 of the algorithm, with its parameter names."""
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

PAD_ID = 0


@dataclass
class ModelSize:
    """Sizes and switches of one model. `fast_attention` is of the "strong" style only."""

    layers: int
    width: int
    feed_forward: int
    heads: int
    positions: int
    vocabulary: int
    dropout: float = 0.1
    attention_dropout: float = 0.1
    activation_dropout: float = 0.0
    activation: str = "gelu"
    pre_norm: bool = True
    fast_attention: bool = False

    def activate(self, x):
        return F.gelu(x) if self.activation == "gelu" else F.relu(x)


class TokenEmbedding(nn.Module):
    """Ids are looked up; token probabilities [N,S,V] are multiplied by the matrix, whose padding row stays constant."""

    def __init__(self, size):
        super().__init__()
        self.embed = nn.Embedding(size.vocabulary, size.width, padding_idx=PAD_ID)

    def forward(self, x):
        if not x.is_floating_point():
            return self.embed(x)
        weight = self.embed.weight
        return x @ torch.cat([weight[: PAD_ID + 1].detach(), weight[PAD_ID + 1 :]])


class PositionEmbedding(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.embed = nn.Embedding(size.positions, size.width)

    def forward(self, length):
        return self.embed(torch.arange(length, device=self.embed.weight.device))


class InputEmbedding(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.embed_tokens = TokenEmbedding(size)
        self.embed_position = PositionEmbedding(size)
        self.layer_norm = nn.Identity() if size.pre_norm else nn.LayerNorm(size.width)
        self.dropout = nn.Dropout(size.dropout)

    def forward(self, x):
        return self.dropout(self.layer_norm(self.embed_tokens(x) + self.embed_position(x.shape[1])))


class Attention(nn.Module):
    """Self-attention of several heads, written out; padding keys get -inf before the softmax."""

    def __init__(self, size):
        super().__init__()
        self.size = size
        self.in_proj_weight = nn.Parameter(torch.empty(3 * size.width, size.width))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * size.width))
        self.out_proj = nn.Linear(size.width, size.width)
        nn.init.xavier_uniform_(self.in_proj_weight)

    def forward(self, x, padding):
        rows, length, width = x.shape
        heads = self.size.heads
        parts = F.linear(x, self.in_proj_weight, self.in_proj_bias).chunk(3, dim=-1)
        query, key, value = (part.reshape(rows, length, heads, width // heads).transpose(1, 2) for part in parts)
        attend = self._fast if self.size.fast_attention else self._written_out
        mixed = attend(query, key, value, padding)
        return self.out_proj(mixed.transpose(1, 2).reshape(rows, length, width))

    def _written_out(self, query, key, value, padding):
        rows, heads, length, head_width = query.shape
        query, key, value = (part.reshape(rows * heads, length, head_width) for part in (query, key, value))
        scores = torch.bmm(query * head_width**-0.5, key.transpose(1, 2)).view(rows, heads, length, length)
        scores = scores.masked_fill(padding[:, None, None, :], float("-inf"))
        weights = torch.softmax(scores, dim=-1).view(rows * heads, length, length)
        weights = F.dropout(weights, self.size.attention_dropout, self.training)
        return torch.bmm(weights, value).view(rows, heads, length, head_width)

    def _fast(self, query, key, value, padding):
        mask = ~padding[:, None, None, :] if bool(padding.any()) else None
        dropout = self.size.attention_dropout if self.training else 0.0
        return F.scaled_dot_product_attention(query, key, value, attn_mask=mask, dropout_p=dropout)


class EncoderLayer(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.size = size
        self.self_attn = Attention(size)
        self.self_attn_norm = nn.LayerNorm(size.width)
        self.linear1 = nn.Linear(size.width, size.feed_forward)
        self.linear2 = nn.Linear(size.feed_forward, size.width)
        self.ff_norm = nn.LayerNorm(size.width)
        self.dropout = nn.Dropout(size.dropout)
        self.activation_dropout = nn.Dropout(size.activation_dropout)

    def forward(self, x, padding):
        if self.size.pre_norm:
            x = x + self.dropout(self.self_attn(self.self_attn_norm(x), padding))
            return x + self.dropout(self._feed_forward(self.ff_norm(x)))
        x = self.self_attn_norm(x + self.dropout(self.self_attn(x, padding)))
        return self.ff_norm(x + self.dropout(self._feed_forward(x)))

    def _feed_forward(self, x):
        return self.linear2(self.activation_dropout(self.size.activate(self.linear1(x))))


class Layers(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.layers = nn.ModuleList(EncoderLayer(size) for _ in range(size.layers))

    def forward(self, x, padding):
        for layer in self.layers:
            x = layer(x, padding)
        return x


class Head(nn.Module):
    """Scores over the vocabulary at every position it is given."""

    def __init__(self, size):
        super().__init__()
        self.size = size
        self.ff_linear = nn.Linear(size.width, size.width)
        self.layer_norm = nn.LayerNorm(size.width)
        self.output = nn.Linear(size.width, size.vocabulary)

    def forward(self, x):
        return self.output(self.layer_norm(self.size.activate(self.ff_linear(x))))


class Encoder(nn.Module):
    """What student and teacher share: embedding and layers."""

    def __init__(self, size):
        super().__init__()
        self.embed = InputEmbedding(size)
        self.encoder = Layers(size)
        self.final_layer_norm = nn.LayerNorm(size.width) if size.pre_norm else nn.Identity()

    def encode(self, x, padding):
        return self.final_layer_norm(self.encoder(self.embed(x), padding))


class Student(Encoder):
    def __init__(self, size):
        super().__init__(size)
        self.head = Head(size)
        self.apply(initialise)
        self.head.output.weight = self.embed.embed_tokens.embed.weight

    def forward(self, x, padding, positions=None):
        """Scores [N,S,V]; with a mask of `positions` only theirs, [P,V]."""
        hidden = self.encode(x, padding)
        return self.head(hidden if positions is None else hidden[positions])


class Teacher(Encoder):
    def __init__(self, size):
        super().__init__(size)
        self.head_x = Head(size)
        self.head_y = Head(size)
        self.apply(initialise)

    def forward(self, x, padding):
        hidden = self.encode(x, padding)
        return self.head_x(hidden), self.head_y(hidden)


def initialise(module):
    """Normal(0, 0.02) for weights of linear layers and embeddings, zero for biases and the padding row."""
    if isinstance(module, (nn.Linear, nn.Embedding)):
        nn.init.normal_(module.weight, std=0.02)
    if isinstance(module, nn.Linear):
        nn.init.zeros_(module.bias)
    if isinstance(module, nn.Embedding) and module.padding_idx is not None:
        nn.init.zeros_(module.weight[module.padding_idx].detach())
