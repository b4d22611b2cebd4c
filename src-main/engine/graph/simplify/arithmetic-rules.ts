import { sameShape, shapeSize } from '../infer-shape.ts';
import * as ops from '../ops.ts';
import { isOp } from '../types.ts';
import type { GraphNode, OpName } from '../types.ts';
import { as, filled, fillOf, isFilledWith, isSingle, operand } from './rule.ts';
import type { Candidate, Rule, RuleTable } from './rule.ts';

type Pair = readonly [GraphNode, GraphNode];

const pair = (candidate: Candidate<OpName>): Pair => [operand(candidate, 0), operand(candidate, 1)];

/** Applies `rule` to (a, b) and to (b, a). */
function eitherWay<Op extends OpName>(
  rule: (a: GraphNode, b: GraphNode, candidate: Candidate<Op>) => GraphNode | undefined,
): Rule<Op> {
  return (candidate) => {
    const [a, b] = pair(candidate);
    return rule(a, b, candidate) ?? rule(b, a, candidate);
  };
}

/** Both inputs are one node. */
function ofItself<Op extends OpName>(rule: (x: GraphNode) => GraphNode | undefined): Rule<Op> {
  return (candidate) => {
    const [a, b] = pair(candidate);
    return a === b ? rule(a) : undefined;
  };
}

/** x in neg(x). */
const negated = (node: GraphNode): GraphNode | undefined => (isOp(node, 'neg') ? operand(node, 0) : undefined);

/** (x, s) of `op`(x, s) where s has one element, the constant one first choice. */
function withSingle(node: GraphNode, op: 'add' | 'mul'): Pair | undefined {
  if (!isOp(node, op)) return undefined;
  const [a, b] = pair(node);
  const candidates: Pair[] = [
    [a, b],
    [b, a],
  ];
  const fitting = candidates.filter(([x, s]) => isSingle(s) && sameShape(x.shape, node.shape));
  return fitting.find(([, s]) => fillOf(s) !== undefined) ?? fitting[0];
}

/** Fewer elements than this are not worth an extra node. */
const LARGE = 4096;

/** op(op(x, s), t) with single s, t -> op(x, op(s, t)): one pass over x. */
function joinSingles<Op extends 'add' | 'mul'>(op: Op): Rule<Op> {
  return eitherWay((inner, t, candidate) => {
    if (!isSingle(t) || !sameShape(inner.shape, candidate.shape)) return undefined;
    const parts = withSingle(inner, op);
    if (!parts) return undefined;
    const [x, s] = parts;
    const areConstants = fillOf(s) !== undefined && fillOf(t) !== undefined;
    // Otherwise it adds a (small) node where op(x, s) is needed anyway.
    if (!areConstants && (shapeSize(x.shape) < LARGE || isSingle(x))) return undefined;
    const joined = candidate.graph.apply<'add' | 'mul'>(op, [s, t], {});
    return as(candidate, candidate.graph.apply<'add' | 'mul'>(op, [x, joined], {}));
  });
}

/** ((x c) y) d -> (x y) (c d) for constants c and d, where it takes no larger product. */
const joinDeeperConstants: Rule<'mul'> = eitherWay((product, d, candidate) => {
  const outer = fillOf(d);
  if (outer === undefined || !isSingle(d) || !isOp(product, 'mul')) return undefined;
  return eitherWay<'mul'>((scaled, y) => {
    const parts = withSingle(scaled, 'mul');
    const inner = parts && fillOf(parts[1]);
    if (!parts || inner === undefined || fillOf(y) !== undefined) return undefined;
    if (shapeSize(parts[0].shape) !== shapeSize(product.shape)) return undefined;
    return as(candidate, ops.mul(ops.mul(parts[0], y), inner * outer));
  })(product);
});

export const ARITHMETIC_RULES: RuleTable = {
  add: [
    eitherWay((x, zero, candidate) => (isFilledWith(zero, 0) ? as(candidate, x) : undefined)),
    eitherWay((x, y) => {
      const minus = negated(y);
      return minus && ops.sub(x, minus);
    }),
    ofItself((x) => ops.mul(x, 2)),
    joinSingles('add'),
  ],
  sub: [
    (candidate) => (isFilledWith(operand(candidate, 1), 0) ? as(candidate, operand(candidate, 0)) : undefined),
    (candidate) => {
      const [a, b] = pair(candidate);
      if (!isFilledWith(a, 0) || b.dtype !== 'float32') return undefined;
      return as(candidate, ops.neg(b));
    },
    (candidate) => {
      const minus = negated(operand(candidate, 1));
      return minus && ops.add(operand(candidate, 0), minus);
    },
    ofItself((x) => filled(x, 0, x.shape, x.dtype)),
  ],
  mul: [
    eitherWay((x, one, candidate) => (isFilledWith(one, 1) ? as(candidate, x) : undefined)),
    eitherWay((_x, zero, candidate) =>
      isFilledWith(zero, 0) ? filled(candidate, 0, candidate.shape, candidate.dtype) : undefined,
    ),
    eitherWay((x, minusOne, candidate) =>
      isFilledWith(minusOne, -1) && x.dtype === 'float32' ? as(candidate, ops.neg(x)) : undefined,
    ),
    // Signs move out, where they meet an addition or a constant.
    eitherWay((x, y) => {
      const minus = negated(x);
      if (minus === undefined) return undefined;
      const value = fillOf(y);
      if (value !== undefined) return ops.mul(minus, filled(y, -value, y.shape, y.dtype));
      return ops.neg(ops.mul(minus, y));
    }),
    ofItself((x) => (x.dtype === 'float32' ? ops.square(x) : undefined)),
    joinSingles('mul'),
    joinDeeperConstants,
    // c * (d / x) -> (c d) / x
    eitherWay((quotient, c, candidate) => {
      if (!isOp(quotient, 'div') || fillOf(c) === undefined || !isSingle(c)) return undefined;
      const [d, x] = pair(quotient);
      return fillOf(d) === undefined ? undefined : as(candidate, ops.div(ops.mul(d, c), x));
    }),
  ],
  div: [
    (candidate) => {
      const [x, y] = pair(candidate);
      const value = fillOf(y);
      // As float32: 1e39 is infinite there.
      if (value === undefined || value === 0 || !Number.isFinite(Math.fround(1 / value))) return undefined;
      return ops.mul(x, filled(y, 1 / value, y.shape, y.dtype));
    },
    (candidate) =>
      isFilledWith(operand(candidate, 0), 0) ? filled(candidate, 0, candidate.shape, candidate.dtype) : undefined,
    (candidate) => {
      const [x, y] = pair(candidate);
      const minus = negated(x);
      return minus && ops.neg(ops.div(minus, y));
    },
  ],
  maximum: [ofItself((x) => x)],
  minimum: [ofItself((x) => x)],
  neg: [
    (candidate) => negated(operand(candidate, 0)),
    (candidate) => {
      const x = operand(candidate, 0);
      return isOp(x, 'sub') ? ops.sub(operand(x, 1), operand(x, 0)) : undefined;
    },
    (candidate) => {
      const x = operand(candidate, 0);
      const scale = isOp(x, 'mul') ? withSingle(x, 'mul') : undefined;
      const value = scale && fillOf(scale[1]);
      if (!scale || value === undefined) return undefined;
      return as(candidate, ops.mul(scale[0], filled(candidate, -value, scale[1].shape, 'float32')));
    },
  ],
  square: [
    evenFunction('square'),
    // (x s)^2 -> x^2 s^2: what follows may scale again, and x^2 may be wanted elsewhere.
    (candidate) => {
      const x = operand(candidate, 0);
      const parts = withSingle(x, 'mul');
      if (!parts || (fillOf(parts[1]) === undefined && shapeSize(x.shape) < LARGE)) return undefined;
      return as(candidate, ops.mul(ops.square(parts[0]), ops.square(parts[1])));
    },
  ],
  abs: [evenFunction('abs')],
  logicalNot: [
    (candidate) => {
      const x = operand(candidate, 0);
      return isOp(x, 'logicalNot') ? operand(x, 0) : undefined;
    },
  ],
  logicalAnd: [ofItself((x) => x)],
  logicalOr: [ofItself((x) => x)],
  cast: [(candidate) => (operand(candidate, 0).dtype === candidate.dtype ? operand(candidate, 0) : undefined)],
  stopGradient: [
    (candidate) => {
      const x = operand(candidate, 0);
      return isOp(x, 'stopGradient') || isOp(x, 'constant') ? x : undefined;
    },
  ],
  select: [
    (candidate) => {
      const value = fillOf(operand(candidate, 0));
      return value === undefined ? undefined : as(candidate, operand(candidate, value ? 1 : 2));
    },
    (candidate) => (operand(candidate, 1) === operand(candidate, 2) ? as(candidate, operand(candidate, 1)) : undefined),
    (candidate) => {
      const condition = operand(candidate, 0);
      if (!isOp(condition, 'logicalNot')) return undefined;
      return ops.select(operand(condition, 0), operand(candidate, 2), operand(candidate, 1));
    },
    // A choice already made by the same condition.
    (candidate) => {
      const [condition, a, b] = [operand(candidate, 0), operand(candidate, 1), operand(candidate, 2)];
      const chosen = (node: GraphNode, index: 1 | 2): GraphNode =>
        isOp(node, 'select') && operand(node, 0) === condition ? operand(node, index) : node;
      const [whenTrue, whenFalse] = [chosen(a, 1), chosen(b, 2)];
      if (whenTrue === a && whenFalse === b) return undefined;
      return as(candidate, ops.select(condition, whenTrue, whenFalse));
    },
  ],
};

function evenFunction(op: 'square' | 'abs'): Rule<'square' | 'abs'> {
  return (candidate) => {
    const minus = negated(operand(candidate, 0));
    return minus && candidate.graph.apply(op, [minus], {});
  };
}
