import Foundation
import FoveaCore

/// Layers that authors write, most of them with kinks or with units that are silent for some inputs.
extension Specimen {
  static let good: [String: Specimen] = [
    "abs": .elementwise({ abs($0) }, { $0 < 0 ? -1 : 1 }),
    "hardSwish": .elementwise(
      { 3 * $0 * min(max(3 * $0 + 3, 0), 6) / 6 },
      { x in x <= -1 ? 0 : x >= 1 ? 3 : (18 * x + 9) / 6 }),
    "hardSigmoid": .elementwise({ min(max($0 + 0.5, 0), 1) }, { abs($0) < 0.5 ? 1 : 0 }),
    "sign": .elementwise({ $0 < 0 ? -1 : 1 }, { _ in 0 }),
    "rounded": .elementwise({ ($0 * 4).rounded() }, { _ in 0 }),
    "steep": .elementwise({ sin(20 * $0) }, { 20 * cos(20 * $0) }),
    "huge": .elementwise({ 1e6 * $0 * $0 }, { 2e6 * $0 }),
    "tiny": .elementwise({ 1e-9 * $0 * abs($0) }, { 2e-9 * abs($0) }),
    "offset": .elementwise({ 100 + max($0, 0.1 * $0) }, { $0 < 0 ? 0.1 : 1 }),
    "squeezeAndExcitation": squeezeAndExcitation(),
    "rectifiedPerceptron": rectifiedPerceptron(),
    "parametricRelu": parametricRelu(),
    "medianPooling": selection { $0.sorted { $0.1 < $1.1 }[1].0 },
    "maximumPooling": selection { $0.max { $0.1 < $1.1 }?.0 ?? 0 },
    "normalized": normalized(),
    "gatedUnit": gatedUnit(),
    "channelShuffle": channelShuffle(),
    "maxout": maxout(),
    "convolutionAndRelu": filterAndRelu(),
  ]

  static let bad: [String: Specimen] = [
    "absWithoutSign": .elementwise({ abs($0) }, { _ in 1 }),
    "hardSwishOneSide": .elementwise(
      { 3 * $0 * min(max(3 * $0 + 3, 0), 6) / 6 },
      { x in x <= -1 ? 0.1 : x >= 1 ? 3 : (18 * x + 9) / 6 * (x < -0.8 ? 1.2 : 1) }),
    "wrongBelowZero": .elementwise({ $0 < 0 ? 0.3 * $0 : $0 }, { $0 < 0 ? 0.2 : 1 }),
    "straightThrough": .elementwise({ ($0 * 4).rounded() / 4 }, { _ in 1 }),
    "tinyAndWrong": .elementwise({ 1e-9 * $0 * abs($0) }, { 1e-9 * abs($0) }),
    "offsetAndWrong": .elementwise({ 100 + max($0, 0.1 * $0) }, { $0 < 0 ? 0 : 1 }),
    "squeezeWithoutGate": squeezeAndExcitation(.missingFactor),
    "squeezeOneBranch": squeezeAndExcitation(.oneBranch),
    "squeezeIgnoringRelu": squeezeAndExcitation(.ignoredKink),
    "perceptronIgnoringRelu": rectifiedPerceptron(.ignoredKink),
    "perceptronSign": rectifiedPerceptron(.sign),
    "perceptronDeadWeight": rectifiedPerceptron(.deadWeight),
    "parametricReluBothSides": parametricRelu(.ignoredKink),
    "medianPoolingOffByOne": selection(shift: 1) { $0.sorted { $0.1 < $1.1 }[1].0 },
    "normalizedWithoutProjection": normalized(.missingFactor),
    "gatedUnitOneBranch": gatedUnit(.oneBranch),
    "channelShuffleBackwards": channelShuffle(.sign),
    "maxoutFirstPiece": maxout(.ignoredKink),
    "convolutionIgnoringRelu": filterAndRelu(.ignoredKink),
    "convolutionOffByOne": filterAndRelu(.oneBranch),
  ]

  enum Fault { case none, missingFactor, oneBranch, ignoredKink, sign, deadWeight }

  /// y[c, i] = x[c, i]·σ(Σ_h v[c, h]·max(0, Σ_d w[h, d]·mean(x[d]))), with as many hidden units as channels.
  private static func squeezeAndExcitation(_ fault: Fault = .none) -> Specimen {
    @Sendable func passes(_ x: [Float], _ w: [[Float]], _ c: Int) -> (means: [Float], hidden: [Float], gates: [Float]) {
      let area = x.count / c
      let means = (0..<c).map { k in x[k * area..<(k + 1) * area].reduce(0, +) / Float(area) }
      let hidden = (0..<c).map { h in max(0, (0..<c).reduce(Float(0)) { $0 + w[0][h * c + $1] * means[$1] }) }
      let gates = (0..<c).map { k in 1 / (1 + exp(-(0..<c).reduce(Float(0)) { $0 + w[1][k * c + $1] * hidden[$1] })) }
      return (means, hidden, gates)
    }
    return Specimen(
      parameters: { shape in
        ["squeeze", "excite"].map { Parameter($0, [shape[0], shape[0]], .normal(deviation: 2)) }
      },
      forward: { x, w, shape in
        let gates = passes(x, w, shape[0]).gates
        return x.indices.map { x[$0] * gates[$0 / (x.count / shape[0])] }
      },
      backward: { g, x, _, w, shape in
        let (c, area) = (shape[0], x.count / shape[0])
        let (means, hidden, gates) = passes(x, w, c)
        var dx = x.indices.map { g[$0] * gates[$0 / area] }
        var (dSqueeze, dExcite) = ([Float](repeating: 0, count: c * c), [Float](repeating: 0, count: c * c))
        var dHidden = [Float](repeating: 0, count: c)
        for k in 0..<c {
          var sum: Float = 0
          for i in k * area..<(k + 1) * area { sum += g[i] * x[i] }
          if fault != .missingFactor { sum *= gates[k] * (1 - gates[k]) }
          for h in 0..<c {
            dExcite[k * c + h] = sum * hidden[h]
            dHidden[h] += sum * w[1][k * c + h]
          }
        }
        for h in 0..<c where hidden[h] > 0 || fault == .ignoredKink {
          for d in 0..<c {
            dSqueeze[h * c + d] = dHidden[h] * means[d]
            guard fault != .oneBranch else { continue }
            for i in d * area..<(d + 1) * area { dx[i] += dHidden[h] * w[0][h * c + d] / Float(area) }
          }
        }
        return (dx, [dSqueeze, dExcite])
      })
  }

  /// y = v·max(0, w·x + b): five hidden units, three outputs.
  private static func rectifiedPerceptron(_ fault: Fault = .none) -> Specimen {
    let (hiddenCount, outputs) = (5, 3)
    @Sendable func hidden(_ x: [Float], _ w: [[Float]]) -> [Float] {
      (0..<hiddenCount).map { h in
        max(0, x.indices.reduce(w[1][h]) { $0 + w[0][h * x.count + $1] * x[$1] })
      }
    }
    return Specimen(
      output: { _ in [outputs] },
      parameters: { shape in
        [
          // So low that one or the other unit is silent for all of a few examples.
          Parameter("w", [hiddenCount, shape.count], .normal(deviation: 0.2)),
          Parameter("b", [hiddenCount], .constant(-1)),
          Parameter("v", [outputs, hiddenCount], .normal(deviation: 1)),
        ] + (fault == .deadWeight ? [Parameter("never", [2], .zeros)] : [])
      },
      forward: { x, w, _ in
        let hidden = hidden(x, w)
        return (0..<outputs).map { k in
          (0..<hiddenCount).reduce(Float(0)) { $0 + w[2][k * hiddenCount + $1] * hidden[$1] }
        }
      },
      backward: { g, x, _, w, _ in
        let hidden = hidden(x, w)
        var dx = [Float](repeating: 0, count: x.count)
        var gradients = w.map { [Float](repeating: 0, count: $0.count) }
        for h in 0..<hiddenCount {
          var sum: Float = 0
          for k in 0..<outputs {
            gradients[2][k * hiddenCount + h] = g[k] * hidden[h] * (fault == .sign ? -1 : 1)
            sum += g[k] * w[2][k * hiddenCount + h]
          }
          guard hidden[h] > 0 || fault == .ignoredKink else { continue }
          gradients[1][h] = sum
          for i in x.indices {
            gradients[0][h * x.count + i] = sum * x[i]
            dx[i] += sum * w[0][h * x.count + i]
          }
        }
        return (dx, gradients)
      })
  }

  /// y = x above 0, slope[c]·x below.
  private static func parametricRelu(_ fault: Fault = .none) -> Specimen {
    Specimen(
      parameters: { [Parameter("slope", [$0[0]], .constant(0.25))] },
      forward: { x, w, shape in x.indices.map { x[$0] > 0 ? x[$0] : w[0][$0 / (x.count / shape[0])] * x[$0] } },
      backward: { g, x, _, w, shape in
        let area = x.count / shape[0]
        var slopes = [Float](repeating: 0, count: shape[0])
        for i in x.indices where x[i] <= 0 || fault == .ignoredKink { slopes[i / area] += g[i] * x[i] }
        return (x.indices.map { g[$0] * (x[$0] > 0 ? 1 : w[0][$0 / area]) }, [slopes])
      })
  }

  /// One of each three numbers in a row.
  private static func selection(
    shift: Int = 0, _ choose: @escaping @Sendable ([(Int, Float)]) -> Int
  ) -> Specimen {
    @Sendable func choices(_ x: [Float]) -> [Int] {
      (0..<x.count / 3).map { k in choose((0..<3).map { (3 * k + $0, x[3 * k + $0]) }) }
    }
    return Specimen(
      output: { [$0.count / 3] },
      forward: { x, _, _ in choices(x).map { x[$0] } },
      backward: { g, x, _, _, _ in
        var dx = [Float](repeating: 0, count: x.count)
        for (k, chosen) in choices(x).enumerated() { dx[(chosen + shift) % x.count] = g[k] }
        return (dx, [])
      })
  }

  /// y = x / √(Σ x² + ε).
  private static func normalized(_ fault: Fault = .none) -> Specimen {
    Specimen(
      forward: { x, _, _ in
        let length = (x.reduce(1e-6) { $0 + $1 * $1 }).squareRoot()
        return x.map { $0 / length }
      },
      backward: { g, x, y, _, _ in
        let length = (x.reduce(1e-6) { $0 + $1 * $1 }).squareRoot()
        let along = fault == .missingFactor ? 0 : zip(g, y).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        return (x.indices.map { (g[$0] - along * y[$0]) / length }, [])
      })
  }

  /// y = a·σ(b), a and b the halves of x.
  private static func gatedUnit(_ fault: Fault = .none) -> Specimen {
    Specimen(
      output: { [$0.count / 2] },
      forward: { x, _, _ in
        let half = x.count / 2
        return (0..<half).map { x[$0] / (1 + exp(-x[half + $0])) }
      },
      backward: { g, x, _, _, _ in
        let half = x.count / 2
        let gates = (0..<half).map { 1 / (1 + exp(-x[half + $0])) }
        let first = (0..<half).map { g[$0] * gates[$0] }
        let second = (0..<half).map { fault == .oneBranch ? 0 : g[$0] * x[$0] * gates[$0] * (1 - gates[$0]) }
        // An odd one out has no part in it.
        return (first + second + [Float](repeating: 0, count: x.count - 2 * half), [])
      })
  }

  /// Channel c comes from channel c + 1, round and round.
  private static func channelShuffle(_ fault: Fault = .none) -> Specimen {
    @Sendable func source(_ i: Int, _ count: Int, _ c: Int) -> Int {
      let area = count / c
      return (i / area + 1) % c * area + i % area
    }
    return Specimen(
      forward: { x, _, shape in x.indices.map { x[source($0, x.count, shape[0])] } },
      backward: { g, x, _, _, shape in
        var dx = [Float](repeating: 0, count: x.count)
        for i in x.indices {
          let j = source(i, x.count, shape[0])
          if fault == .sign { dx[i] += g[j] } else { dx[j] += g[i] }
        }
        return (dx, [])
      })
  }

  /// y[k] = max(w[0, k]·x, w[1, k]·x) of two linear pieces, three outputs.
  private static func maxout(_ fault: Fault = .none) -> Specimen {
    @Sendable func pieces(_ x: [Float], _ w: [[Float]]) -> [Float] {
      (0..<6).map { p in x.indices.reduce(Float(0)) { $0 + w[0][p * x.count + $1] * x[$1] } }
    }
    return Specimen(
      output: { _ in [3] },
      parameters: { [Parameter("w", [6, $0.count], .normal(deviation: 0.3))] },
      forward: { x, w, _ in
        let z = pieces(x, w)
        return (0..<3).map { max(z[$0], z[3 + $0]) }
      },
      backward: { g, x, _, w, _ in
        let z = pieces(x, w)
        var (dx, dw) = ([Float](repeating: 0, count: x.count), [Float](repeating: 0, count: w[0].count))
        for k in 0..<3 {
          let p = z[k] >= z[3 + k] || fault == .ignoredKink ? k : 3 + k
          for i in x.indices {
            dx[i] += g[k] * w[0][p * x.count + i]
            dw[p * x.count + i] = g[k] * x[i]
          }
        }
        return (dx, [dw])
      })
  }

  /// y[i] = max(0, Σ_u w[u]·x[i + u] + b) over three neighbors: a kink for each output, and few weights for them all.
  private static func filterAndRelu(_ fault: Fault = .none) -> Specimen {
    Specimen(
      output: { [$0.count - 2] },
      parameters: { _ in [Parameter("w", [3], .normal(deviation: 1)), Parameter("b", [1], .zeros)] },
      forward: { x, w, _ in (0..<x.count - 2).map { i in max(0, (0..<3).reduce(w[1][0]) { $0 + w[0][$1] * x[i + $1] }) }
      },
      backward: { g, x, y, w, _ in
        var (dx, dw, db) = ([Float](repeating: 0, count: x.count), [Float](repeating: 0, count: 3), Float(0))
        for i in y.indices where y[i] > 0 || fault == .ignoredKink {
          db += g[i]
          for u in 0..<3 {
            dx[i + u] += g[i] * w[0][u]
            dw[u] += g[i] * x[(i + u + (fault == .oneBranch ? 1 : 0)) % x.count]
          }
        }
        return (dx, [dw, [db]])
      })
  }
}
