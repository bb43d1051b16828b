public import FoveaCore
public import FoveaModel

/// Applies an ``Optimizer`` to all trainable weights of a model, on several threads, and keeps its memories.
public struct WeightUpdater: Sendable {
  public var optimizer: any Optimizer
  /// How many steps have been taken.
  public internal(set) var steps = 0
  /// The largest magnitude of all weights after the last step.
  package private(set) var largestWeight: Float = 0
  /// By place in ``Model/trainableParameters``, and by number of the memory; empty before the first step.
  var memories: [[Tensor]] = []

  public init(_ optimizer: any Optimizer) {
    self.optimizer = optimizer
  }

  /// Weights are cut into pieces of this many, so that a large layer is shared by all workers and a piece stays in the
  /// nearest cache between the sum of its gradients and its update.
  private static let pieceLength = 1 << 13
  /// Weights from which on other workers are woken for them.
  private static let fewestWeights = 1 << 20

  /// Sets the memories of a rule that works with second derivatives; nothing for any other rule.
  public mutating func setCurvatures(_ curvatures: ModelGradients, of model: Model) {
    guard let optimizer = optimizer as? any CurvatureOptimizer else { return }
    memories = model.trainableParameters.map { place in
      let curvature = curvatures.tensor(of: place)?.elements ?? Array(repeating: 0, count: model.shape(of: place).count)
      return [Tensor(curvature.map { optimizer.memory(curvature: $0) }, model.shape(of: place))]
    }
  }

  func emptyMemories(of model: Model) -> [[Tensor]] {
    model.trainableParameters.map { place in
      (0..<optimizer.memories).map { _ in Tensor(zeros: model.shape(of: place)) }
    }
  }

  /// Takes one step.
  ///
  /// - Parameter gradients: of each part of the batch; their sum is that of the mean loss over the whole batch.
  /// - Returns: which gradient, or which weight after the step, is no finite number; nil where all are. The weights are
  ///   lost then.
  @discardableResult
  public mutating func step(
    _ model: inout Model, gradients: [ModelGradients], pool: WorkerPool
  ) -> FaultyNumbers? {
    let places = model.trainableParameters
    if memories.isEmpty { memories = emptyMemories(of: model) }
    steps += 1
    var pieces: [Piece] = []
    var tiles: [FactoredTile] = []
    // Until the end, since pieces have addresses only.
    var whole: [Tensor] = []
    for (index, place) in places.enumerated() {
      let weights = model.mutableAddress(of: place)
      let states = memories[index].indices.map { slot in
        memories[index][slot].withUnsafeMutableFloats { _ in }
        return memories[index][slot].address
      }
      if gradients.allSatisfy({ $0.isFactored(at: place) }) {
        let products = gradients.flatMap { $0.outerProducts(of: place) }
        if !products.isEmpty { tiles += FactoredTile.tiles(weights, of: index, memories: states, products: products) }
        continue
      }
      let slopes = gradients.compactMap { $0.tensor(of: place) }
      whole += slopes
      let count = model.shape(of: place).count
      for start in stride(from: 0, to: count, by: Self.pieceLength) where !slopes.isEmpty {
        pieces.append(
          Piece(
            parameter: index, weights: weights + start, gradients: slopes.map { $0.address + start },
            memories: states.map { $0 + start },
            count: min(Self.pieceLength, count - start)))
      }
    }
    // Where one part made all gradients, as in on-line training, waking the others would take longer than the update.
    let count = pieces.reduce(0) { $0 + $1.count } + tiles.reduce(0) { $0 + $1.count }
    let parts = gradients.count == 1 && count < Self.fewestWeights ? 1 : pool.count
    let work = Work(pieces: pieces, tiles: tiles, optimizer: optimizer, step: steps, parts: parts)
    var sizes = [UpdatedNumbers](repeating: UpdatedNumbers(), count: parts)
    sizes.withUnsafeMutableBufferPointer { sizes in
      let sizes = sizes
      // Where the kernels shared the work out themselves, their threads still look for more.
      if gradients.count == 1 {
        KernelThreads.run(parts) { sizes[$0] = work.run(part: $0) }
      } else {
        pool.run(parts) { sizes[$0] = work.run(part: $0) }
      }
    }
    withExtendedLifetime((gradients, whole, memories, model)) {}
    var numbers = UpdatedNumbers()
    for part in sizes { numbers.add(part) }
    largestWeight = numbers.largestWeight
    return numbers.fault.map { parameter, what in
      let name = model.name(of: places[parameter])
      return switch what {
      case .gradient: .weightGradient(layer: name.layer, parameter: name.parameter)
      case .memory: .memory(layer: name.layer, parameter: name.parameter)
      case .weights: .weights(layer: name.layer, parameter: name.parameter)
      }
    }
  }

  /// A piece of one parameter, and all that its update reads and writes.
  private struct Piece {
    /// By place in ``Model/trainableParameters``.
    let parameter: Int
    let weights: UnsafeMutablePointer<Float>
    let gradients: [UnsafeMutablePointer<Float>]
    let memories: [UnsafeMutablePointer<Float>]
    let count: Int
  }

  private struct Work {
    let pieces: [Piece]
    let tiles: [FactoredTile]
    let optimizer: any Optimizer
    let step: Int
    let parts: Int

    // Neighbouring pieces go to one worker: handing out every piece on its own would cost more than the piece does.
    func run(part: Int) -> UpdatedNumbers {
      var numbers = UpdatedNumbers()
      // Such a rule's memories are set before each pass, and read only.
      let remembers = !(optimizer is any CurvatureOptimizer)
      for piece in pieces[pieces.count * part / parts..<pieces.count * (part + 1) / parts] {
        let sum = piece.gradients[0]
        for addend in piece.gradients.dropFirst() {
          for i in 0..<piece.count { sum[i] += addend[i] }
        }
        let block = WeightBlock(piece.weights, gradients: sum, memories: piece.memories, count: piece.count)
        optimizer.update(block, step: step)
        numbers.note(block, of: piece.parameter, remembersGradients: remembers)
      }
      let own = tiles[tiles.count * part / parts..<tiles.count * (part + 1) / parts]
      guard let largest = own.map(\.count).max() else { return numbers }
      let gradient = Tensor(uninitialized: [largest])
      for tile in own {
        let block = tile.update(optimizer, step: step, gradient: gradient.address)
        numbers.note(block, of: tile.parameter, remembersGradients: remembers)
      }
      withExtendedLifetime(gradient) {}
      return numbers
    }
  }
}
