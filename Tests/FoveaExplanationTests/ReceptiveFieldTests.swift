import FoveaCore
import FoveaModel
import Testing

/// What a unit sees is where its gradient by the input is not zero.
@Suite struct ReceptiveFieldTests {
  private static let networks = [
    // Branches of different reach, a residual, padding, strides, dilation.
    """
    name: branches
    input: {shape: [2, 23, 29]}
    layers:
      - {name: a, kind: convolution, filters: 3, kernel: 3, stride: 2, padding: 1}
      - {name: b, kind: convolution, filters: 3, kernel: [5, 3], padding: same, inputs: [a]}
      - {name: c, kind: convolution, filters: 3, kernel: 3, dilation: 2, padding: 2, inputs: [a]}
      - {name: s, kind: add, inputs: [b, c]}
      - {name: t, kind: concatenate, inputs: [s, a]}
      - {name: p, kind: averagePooling, window: 3, stride: 2}
      - {name: e, kind: convolution, filters: 2, kernel: 2}
    """,
    // Larger again.
    """
    name: larger
    input: {shape: [1, 12, 10]}
    layers:
      - {name: a, kind: averagePooling, window: 2}
      - {name: u, kind: upsampling, factor: 2}
      - {name: b, kind: convolution, filters: 2, kernel: 3, padding: 1}
      - {name: t, kind: transposedConvolution, filters: 2, kernel: 3, stride: 2}
      - {name: z, kind: zeroPadding, padding: 1}
    """,
  ]

  @Test(arguments: networks) func fieldsAreWhereGradientsAre(_ yaml: String) throws {
    let description = try ModelDescription(yaml: yaml)
    let drawn = try Model(description, registry: ExplanationFixture.registry, seed: 1)
    // All weights positive, so that nothing cancels out.
    var tensors: [String: Tensor] = [:]
    for (name, _, tensor) in drawn.namedParameters {
      tensors[name] = Tensor(tensor.elements.map { abs($0) + 0.01 }, tensor.shape)
    }
    let model = try Model(description, registry: ExplanationFixture.registry, tensors: tensors)
    let fields = model.receptiveFields()
    let shape = model.inputShape
    for (index, node) in model.nodes.enumerated() {
      let part = try model.part(from: [.input()], to: Model.Source(node: index)).model
      let trace = try Tracer(part).trace(Tensors(Tensor(repeating: 1, shape.batched(1))))
      let output = node.outputShape
      for row in [0, 1, output[1] / 2, output[1] - 1] {
        for column in [0, output[2] / 2, output[2] - 1] {
          var seed = Tensor(zeros: output.batched(1))
          seed.withUnsafeMutableFloats { $0[row * output[2] + column] = 1 }
          let gradient = try #require(trace.gradients(seed)[0]).elements
          let seen = gradient.indices.filter { gradient[$0] != 0 }.map { $0 % (shape[1] * shape[2]) }
          let (rows, columns) = (seen.map { $0 / shape[2] }, seen.map { $0 % shape[2] })
          let field = fields[index].elements(row: row, column: column, of: shape)
          let place = "\(node.name) at \(row), \(column)"
          if let first = rows.min(), let last = rows.max(), let left = columns.min(), let right = columns.max() {
            let field = try #require(field, "\(place)")
            // Between the places that a dilated kernel looks at there are gaps: where one of these places lies on
            // padding, the gap behind it is in the window and not seen.
            if yaml.contains("upsampling") || node.name == "c" {
              #expect(field.rows.contains(first) && field.rows.contains(last), "\(place)")
              #expect(field.columns.contains(left) && field.columns.contains(right), "\(place)")
              #expect(field.rows.count <= last - first + 3 && field.columns.count <= right - left + 3, "\(place)")
            } else {
              #expect(field.rows == first...last && field.columns == left...right, "\(place)")
            }
          } else {
            #expect(yaml.contains("zeroPadding") || field == nil, "\(place)")
          }
        }
      }
    }
  }

  @Test func whatHasNoPlacesSeesAll() throws {
    let model = try Model(
      ModelDescription(
        yaml: """
          name: end
          input: {shape: [1, 8, 8]}
          layers:
            - {name: a, kind: convolution, filters: 2, kernel: 3}
            - {name: g, kind: globalAveragePooling}
            - {name: d, kind: dense, units: 2}
          """), registry: ExplanationFixture.registry, seed: 1)
    #expect(model.receptiveFields().dropFirst() == [.whole, .whole])
    #expect(try #require(model.receptiveFields()[0].size).height == 3)
  }
}
