extension Loss {
  public static var noun: String { Sort.losses.noun }

  /// A loss gives the sum over the examples, its gradient as the differences have it, and refuses classes that the
  /// outputs do not have, and targets of another kind than it takes.
  public func checkContract(_ report: inout ContractReport) { checkContract(&report, classes: 5) }

  /// - Parameter classes: how many classes, labels or numbers the network learns, for a loss with certain demands.
  package func checkContract(_ report: inout ContractReport, classes: Int) {
    var made: LossSubject<Self>?
    report.check("a network's outputs are taken") {
      let subject = try LossSubject(self, classes: classes)
      made = subject
      return "\(subject.outputs.shape.withoutBatch[0]) outputs for \(subject.classes) classes"
    }
    guard let subject = made else { return }
    report.check("the gradient has the outputs' shape") { try subject.checkShape() }
    guard report.checks.last?.passed == true else { return }
    report.check("same outputs, same result") { try subject.checkDeterminism() }
    report.check("the gradient") { try subject.checkGradient() }
    report.check("examples are summed, and scaled") { try subject.checkSum() }
    let strangers = Self.target == .oneClass ? "a class that does not exist is" : "targets of another kind are"
    report.check("\(strangers) refused") { try subject.checkStranger() }
  }
}

/// A loss under test, with a batch of outputs.
private struct LossSubject<L: Loss> {
  let loss: L
  let classes: Int
  let outputs: Tensor
  let targets: Targets

  /// Tries an output for each class first, then one output for two.
  init(_ loss: L, classes: Int) throws {
    self.loss = loss
    let width: Int
    do throws(LossError) {
      try loss.validate(outputs: [classes], classes: classes)
      (width, self.classes) = (classes, classes)
    } catch let refusal {
      do throws(LossError) { try loss.validate(outputs: [1], classes: 2) } catch {
        throw Breach("neither \(classes) outputs for \(classes) classes (\(refusal)) nor 1 for 2 (\(error))")
      }
      (width, self.classes) = (1, 2)
    }
    var random = SeededRandom(seed: 1)
    outputs = Tensor((0..<4 * width).map { _ in random.uniform(in: -1...1) }, [4, width])
    guard L.target != .oneClass else {
      targets = [0, self.classes - 1, 1 % self.classes, 0]
      return
    }
    guard let targets = Targets.random(L.target, count: 4, classes: self.classes, using: &random) else {
      throw Breach("\(L.target) cannot be made up here; check such a loss on data of its own")
    }
    self.targets = targets
  }

  func evaluate(
    _ outputs: Tensor, _ targets: Targets, scale: Float = 1
  ) throws(LossError) -> (loss: Float, gradient: Tensor) {
    try loss.evaluate(outputs, targets: targets, scale: scale)
  }

  func checkShape() throws -> String {
    let (value, gradient) = try evaluate(outputs, targets)
    guard gradient.shape == outputs.shape else { throw Breach("\(gradient.shape), not \(outputs.shape)") }
    guard value.isFinite, gradient.elements.allSatisfy(\.isFinite) else { throw Breach("a result is not finite") }
    return "\(gradient.shape)"
  }

  func checkDeterminism() throws -> String {
    let (first, second) = (try evaluate(outputs, targets), try evaluate(outputs, targets))
    guard first == second else { throw Breach("two calls differ") }
    return ""
  }

  func checkGradient() throws -> String {
    let step: Float = 1 / 256
    let differences = try (0..<outputs.shape.count).map { index in
      func value(_ offset: Float) throws -> Double {
        var moved = outputs
        moved.withUnsafeMutableFloats { $0[index] += offset }
        return Double(try evaluate(moved, targets).loss)
      }
      return (try value(step) - value(-step)) / Double(2 * step)
    }
    let got = try evaluate(outputs, targets).gradient.elements.map(Double.init)
    let comparison = Comparison(got, differences)
    try comparison.require(within: 2e-3, "gradient")
    return "within \(Comparison.text(comparison.error))"
  }

  func checkSum() throws -> String {
    let whole = try evaluate(outputs, targets, scale: 0.25)
    var sum: Float = 0
    var gradients: [Float] = []
    for row in 0..<targets.count {
      let part = try evaluate(outputs.rows(row..<row + 1), targets[row..<row + 1], scale: 0.25)
      sum += part.loss
      gradients += part.gradient.elements
    }
    try Comparison([whole.loss], [sum]).require(within: 1e-5, "loss")
    try Comparison(whole.gradient.elements, gradients).require(within: 1e-5, "gradient")
    let unscaled = try evaluate(outputs, targets)
    try Comparison([4 * whole.loss], [unscaled.loss]).require(within: 1e-5, "loss by scale")
    try Comparison(whole.gradient.elements.map { 4 * $0 }, unscaled.gradient.elements)
      .require(within: 1e-5, "gradient by scale")
    return "\(targets.count) examples"
  }

  func checkStranger() throws -> String {
    let other: Targets = L.target == .labels ? [0, 0, 0, 0] : .labels(TargetRows([0, 1, 1, 0], width: 1))
    guard (try? evaluate(outputs, other)) == nil else { throw Breach("\(other.kind) was taken") }
    for stranger in L.target == .oneClass ? [-1, classes] : [] {
      guard (try? evaluate(outputs, [0, stranger, 0, 0])) == nil else {
        throw Breach("class \(stranger) of \(classes) was taken")
      }
    }
    return ""
  }
}
