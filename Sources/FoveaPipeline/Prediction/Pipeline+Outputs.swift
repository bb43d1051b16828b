package import FoveaCore
package import FoveaImage
import FoveaModel

/// From pictures to what the network puts out for them.
extension Pipeline {
  /// What the network puts out for an example, and where the points of its first picture lie in its input.
  typealias Outputs = (values: OneOrMore<[Float]>, geometry: PictureGeometry)

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
    return (outputs.mapped { $0.elements }, geometry)
  }

  /// - Parameter examples: the pictures of each.
  func outputs(ofEach examples: [OneOrMore<DecodedImage>], on pool: WorkerPool?) throws(PipelineError) -> [Outputs] {
    guard !examples.isEmpty else { return [] }
    guard examples.allSatisfy({ $0.count == preprocessors.count }) else {
      throw .severalInputs(name: model.name, inputs: pictureNames)
    }
    var geometries: [PictureGeometry] = []
    var number = -1
    let inputs = try preprocessors.mapped { preprocessor throws(PipelineError) in
      number += 1
      let width = preprocessor.outputShape.count
      var input = Tensor(uninitialized: preprocessor.outputShape.batched(examples.count))
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
    return zip(try outputRows(outputs(inputs, on: pool)), geometries).map { ($0, $1) }
  }

  private func quickOutputs(_ inputs: Tensors) throws(PipelineError) -> Tensors {
    do { return try model.infer(inputs) } catch { throw .model(error) }
  }

  private func outputs(_ inputs: Tensors, on pool: WorkerPool? = nil) throws(PipelineError) -> Tensors {
    do { return try model.inferEach(inputs, on: pool) } catch { throw .model(error) }
  }

  /// Each example's outputs, or why it has none: one whose numbers are none spoils no other.
  func separateOutputs(_ inputs: Tensors) throws(PipelineError) -> [Result<OneOrMore<[Float]>, PipelineError>] {
    let count = inputs.head.shape[0]
    do { return outputRows(try outputs(inputs)).map { .success($0) } } catch {
      guard case .model(.notFinite) = error, count > 1 else { throw error }
    }
    return (0..<count).map { row in
      Result { () throws(PipelineError) in try outputs(inputs.rows(row..<row + 1)).mapped { $0.elements } }
    }
  }

  private func outputRows(_ outputs: Tensors) -> [OneOrMore<[Float]>] {
    let values = outputs.mapped { (width: $0.shape.withoutBatch.count, elements: $0.elements) }
    return (0..<outputs.head.shape[0]).map { row in
      values.mapped { Array($0.elements[row * $0.width..<(row + 1) * $0.width]) }
    }
  }

  /// What the steps make of the network's outputs for its inputs, `[1, channels, height, width]` each; places stay in the
  /// first.
  package func result(ofInputs inputs: Tensors) throws(PipelineError) -> any TaskResult {
    try result(of: outputs(inputs).mapped { $0.elements }, in: nil)
  }
}
