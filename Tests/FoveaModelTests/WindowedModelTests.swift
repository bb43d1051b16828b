import FoveaCore
import FoveaLayers
import FoveaModel
import Testing

/// Windows give what the whole network gives.
@Suite struct WindowedModelTests {
  private static let end = """
      - {name: g, kind: globalAveragePooling}
      - {name: f, kind: flatten}
      - {name: d, kind: dense, units: 5}
    """
  private static let networks: [String: String] = [
    "residual": """
    name: residual
    input: {shape: [3, 61, 74]}
    layers:
      - {name: a, kind: convolution, filters: 8, kernel: 7, stride: 2, padding: 3, bias: false}
      - {name: n, kind: batchNormalization}
      - {name: r, kind: relu}
      - {name: p, kind: maximumPooling, window: 3, stride: 2, padding: 1}
      - {name: b, kind: convolution, filters: 8, kernel: 3, padding: 1}
      - {name: br, kind: relu}
      - {name: c, kind: convolution, filters: 8, kernel: 3, padding: 1}
      - {name: s, kind: add, inputs: [c, p]}
      - {name: sr, kind: relu}
      - {name: e, kind: convolution, filters: 16, kernel: 3, stride: 2, padding: 1}
      - {name: h, kind: convolution, filters: 16, kernel: 1, stride: 2, inputs: [sr]}
      - {name: t, kind: add, inputs: [e, h]}
    """,
    "branches": """
    name: branches
    input: {shape: [2, 48, 40]}
    layers:
      - {name: a, kind: convolution, filters: 6, kernel: 3, stride: 2, padding: same}
      - {name: b, kind: convolution, filters: 4, kernel: [5, 1], padding: same, inputs: [a]}
      - {name: c, kind: convolution, filters: 6, kernel: 3, dilation: 2, padding: 2, groups: 2, inputs: [a]}
      - {name: t, kind: concatenate, inputs: [b, c, a]}
      - {name: z, kind: zeroPadding, padding: {top: 1, left: 2}}
      - {name: p, kind: averagePooling, window: 3, stride: 1}
      - {name: e, kind: convolution, filters: 8, kernel: 4, stride: 3}
      - {name: q, kind: minimumPooling, window: 2, stride: 1}
    """,
  ]

  @Test(arguments: networks.keys.sorted(), [(1, 1), (7, 5), (12, 16)])
  func windowsGiveWhatTheWholeGives(name: String, extent: (rows: Int, columns: Int)) throws {
    let description = try ModelDescription(yaml: #require(Self.networks[name]) + "\n" + Self.end)
    let model = try Model(description, registry: GraphTests.registry, seed: 5)
    let windowed = try #require(try WindowedModel(model, rows: extent.rows, columns: extent.columns))
    #expect(windowed.share < 0.9 && windowed.share > 0)
    var random = SeededRandom(seed: 3)
    let shape = model.inputShape
    let source = (0..<shape.count).map { _ in random.uniform(in: -1...1) }
    let base = try windowed.base(Tensor(source, shape.batched(1)))
    // Each edge and corner, all offsets of a stride, some windows that are smaller, and one that is cut off.
    var windows: [CoveredWindow] = []
    for row in [0, 1, 2, 3, 17, 18, 19, 20, shape[1] - extent.rows - 1, shape[1] - extent.rows] {
      for column in [0, 1, 9, 10, 11, 12, shape[2] - extent.columns] {
        let (rows, columns) = (row..<row + extent.rows, column..<column + extent.columns)
        windows.append(CoveredWindow(rows: rows, columns: columns, value: Float(row + column) / 20 - 1))
      }
    }
    windows.append(CoveredWindow(rows: 30..<31, columns: 20..<21, value: 9))
    windows.append(CoveredWindow(rows: shape[1] - 1..<shape[1], columns: 0..<1, value: -9))
    let outputs = try windowed.infer(windows, in: base).elements
    let units = outputs.count / windows.count
    for (number, window) in windows.enumerated() {
      var covered = source
      for channel in 0..<shape[0] {
        for row in window.rows {
          for column in window.columns { covered[(channel * shape[1] + row) * shape[2] + column] = window.value }
        }
      }
      let expected = try model.infer(Tensor(covered, shape.batched(1))).elements
      #expect(difference(Array(outputs[number * units..<(number + 1) * units]), expected) < 1e-5, "\(window)")
    }
  }

  @Test func coresAndCompanyGiveTheSame() throws {
    let description = try ModelDescription(yaml: #require(Self.networks["residual"]) + "\n" + Self.end)
    let model = try Model(description, registry: GraphTests.registry, seed: 5)
    let windowed = try #require(try WindowedModel(model, rows: 8, columns: 8))
    let base = try windowed.base(Tensor(repeating: 0.5, model.inputShape.batched(1)))
    let windows = (0..<7).map { CoveredWindow(rows: $0 * 3..<$0 * 3 + 8, columns: $0 * 5..<$0 * 5 + 8, value: -1) }
    let alone = try windowed.infer(windows, in: base).elements
    #expect(difference(try windowed.infer(windows, in: base, on: WorkerPool(count: 3)).elements, alone) < 1e-6)
    // Where one is larger than it was cut for, all are computed whole.
    let larger = windows + [CoveredWindow(rows: 0..<60, columns: 0..<9, value: -1)]
    #expect(difference(Array(try windowed.infer(larger, in: base).elements.prefix(alone.count)), alone) < 1e-5)
  }

  /// Where nothing can be saved, nobody is made to believe so.
  @Test(arguments: [
    // A window of nearly all.
    ("- {name: a, kind: convolution, filters: 4, kernel: 3, padding: 1}", 38),
    // The first layer sees everything.
    (
      "- {name: i, kind: flatten}\n  - {name: a, kind: dense, units: 9}\n  - {name: j, kind: reshape, shape: [1, 3, 3]}",
      4
    ),
    // What `same` pads is another number for a window.
    ("- {name: a, kind: adaptiveAveragePooling, size: 7}", 4),
  ])
  func whatSavesNothingIsRefused(layers: String, side: Int) throws {
    let description = try ModelDescription(
      yaml: "name: n\ninput: {shape: [1, 40, 40]}\nlayers:\n  \(layers)\n" + Self.end)
    let model = try Model(description, registry: GraphTests.registry, seed: 5)
    #expect(try WindowedModel(model, rows: side, columns: side) == nil)
  }

  private func difference(_ values: [Float], _ expected: [Float]) -> Float {
    let most = max(expected.reduce(0) { max($0, abs($1)) }, 1e-6)
    return zip(values, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } / most
  }
}
