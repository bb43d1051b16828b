package import FoveaCore
package import FoveaImage
import FoveaModel

/// From pictures to what the network puts out for them.
extension Pipeline {
  /// What the network puts out for an example, and where the points of its first picture lie in its input.
  typealias Outputs = (values: OneOrMore<OutputValues>, geometry: PictureGeometry)

  func read(_ path: String) throws(PipelineError) -> DecodedImage {
    do { return try preprocessor.decoder.read(path: path) } catch { throw .image(error) }
  }

  /// The network's inputs for the pictures of an example, and where the points of the first one lie in its input.
  package func inputs(
    for pictures: OneOrMore<DecodedImage>
  ) throws(PipelineError) -> (tensors: Tensors, geometry: PictureGeometry) {
    guard pictures.count == preprocessors.count else { throw .severalInputs(name: model.name, inputs: pictureNames) }
    do throws(ImageError) {
      let first = try preprocessors.head.prepare(pictures.head)
      var others: [Tensor] = []
      for (picture, preprocessor) in zip(pictures.tail, preprocessors.tail) {
        others.append(try preprocessor.prepare(picture).input)
      }
      return (Tensors(first.input, others), first.geometry)
    } catch { throw .image(error) }
  }

  func outputs(of pictures: OneOrMore<DecodedImage>) throws(PipelineError) -> Outputs {
    let (inputs, geometry) = try inputs(for: pictures)
    let threads = KernelThreads.current
    if isSmall { KernelThreads.set(1) }
    defer { if isSmall { KernelThreads.set(threads) } }
    let outputs = try isReproducible ? outputs(inputs) : quickOutputs(inputs)
    return (OutputValues.rows(of: outputs)[0], geometry)
  }

  /// - Parameter examples: the pictures of each.
  func outputs(ofEach examples: [OneOrMore<DecodedImage>], on pool: WorkerPool?) throws(PipelineError) -> [Outputs] {
    guard !examples.isEmpty else { return [] }
    guard examples.allSatisfy({ $0.count == preprocessors.count }) else {
      throw .severalInputs(name: model.name, inputs: pictureNames)
    }
    guard !isOpen else { return try outputs(ofOpen: examples, on: pool) }
    var geometries: [PictureGeometry] = []
    var number = -1
    let inputs = try preprocessors.mapped { preprocessor throws(PipelineError) in
      number += 1
      let width = preprocessor.outputShape.count
      var input: Tensor
      do throws(OutOfMemory) {
        input = try Tensor(checkedUninitialized: preprocessor.outputShape.batched(examples.count))
      } catch { throw .model(.memory(batchSize: examples.count, bytes: error.bytes)) }
      do throws(ImageError) {
        try input.withUnsafeMutableFloats { floats throws(ImageError) in
          for (row, pictures) in examples.enumerated() {
            let target = UnsafeMutableBufferPointer(rebasing: floats[row * width..<(row + 1) * width])
            let geometry = try preprocessor.write(pictures[number], into: target)
            if number == 0 { geometries.append(geometry) }
          }
        }
      } catch { throw .image(error) }
      return input
    }
    return zip(OutputValues.rows(of: try outputs(inputs, on: pool)), geometries).map { ($0, $1) }
  }

  /// Whether examples come in sizes of their own.
  var isOpen: Bool { preprocessors.contains { !$0.open.isEmpty } }

  private func outputs(
    ofOpen examples: [OneOrMore<DecodedImage>], on pool: WorkerPool?
  ) throws(PipelineError) -> [Outputs] {
    let prepared = try examples.map { pictures throws(PipelineError) in try inputs(for: pictures) }
    var rows: [OneOrMore<OutputValues>] = []
    for batch in Self.runs(prepared.map(\.tensors)) {
      let batch = try Self.joined(batch)
      rows += OutputValues.rows(of: try outputs(batch, on: pool))
    }
    return zip(rows, prepared).map { ($0, $1.geometry) }
  }

  /// Of a batch's inputs: 64 MiB.
  static let mostValues = 1 << 24

  /// Inputs of one row each, in batches: those of equal sizes that follow each other.
  private static func runs(_ inputs: [Tensors]) -> [[Tensors]] {
    var batches: [[Tensors]] = []
    for input in inputs {
      let count = input.reduce(0) { $0 + $1.shape.count }
      if let last = batches.last, (last.count + 1) * count <= mostValues,
        zip(last[0], input).allSatisfy({ $0.shape == $1.shape })
      {
        batches[batches.count - 1].append(input)
      } else {
        batches.append([input])
      }
    }
    return batches
  }

  /// Inputs of one row each and of equal sizes as a batch.
  private static func joined(_ inputs: [Tensors]) throws(PipelineError) -> Tensors {
    var number = -1
    return try inputs[0].mapped { _ throws(PipelineError) in
      number += 1
      do throws(OutOfMemory) { return try Tensor(joining: inputs.map { $0[number] }) } catch {
        throw .model(.memory(batchSize: inputs.count, bytes: error.bytes))
      }
    }
  }

  private func quickOutputs(_ inputs: Tensors) throws(PipelineError) -> Tensors {
    do {
      if let ensemble { return try ensemble.inferEach(inputs) }
      return try model.infer(inputs)
    } catch { throw .model(error) }
  }

  private func outputs(_ inputs: Tensors, on pool: WorkerPool? = nil) throws(PipelineError) -> Tensors {
    do {
      if let ensemble { return try ensemble.inferEach(inputs, on: pool) }
      return try model.inferEach(inputs, on: pool)
    } catch { throw .model(error) }
  }

  /// Each example's outputs, or why it has none: one whose numbers are none spoils no other, and a batch for which there is no
  /// memory none behind it.
  func separateOutputs(_ inputs: Tensors) throws(PipelineError) -> [Result<OneOrMore<OutputValues>, PipelineError>] {
    let count = inputs.head.shape[0]
    do { return OutputValues.rows(of: try outputs(inputs)).map { .success($0) } } catch {
      switch error {
      case .model(.notFinite) where count > 1: break
      case .model(.memory): return Array(repeating: .failure(error), count: count)
      default: throw error
      }
    }
    return (0..<count).map { row in
      Result { () throws(PipelineError) in OutputValues.rows(of: try outputs(inputs.rows(row..<row + 1)))[0] }
    }
  }

  /// The same for inputs of one row each, which may be of several sizes where the network is open. Those that the network
  /// cannot be made for, or that there is no memory for together, spoil no others either.
  func separateOutputs(
    _ inputs: [Tensors]
  ) throws(PipelineError) -> [Result<OneOrMore<OutputValues>, PipelineError>] {
    var results: [Result<OneOrMore<OutputValues>, PipelineError>] = []
    for batch in Self.runs(inputs) {
      do throws(PipelineError) { results += try separateOutputs(Self.joined(batch)) } catch {
        switch error {
        case .model(.otherSize), .model(.memory): results += Array(repeating: .failure(error), count: batch.count)
        default: throw error
        }
      }
    }
    return results
  }

  /// What the steps make of the network's outputs for its inputs, `[1, channels, height, width]` each; places stay in the
  /// first.
  package func result(ofInputs inputs: Tensors) throws(PipelineError) -> any TaskResult {
    try result(of: OutputValues.rows(of: outputs(inputs))[0], in: nil)
  }

  /// The same for what the network has put out already, `[1, …]` each.
  package func result(ofOutputs outputs: Tensors) throws(PipelineError) -> any TaskResult {
    try result(of: OutputValues.rows(of: outputs)[0], in: nil)
  }
}
