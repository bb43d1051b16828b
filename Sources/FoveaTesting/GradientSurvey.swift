import FoveaCore

/// The derivatives by all elements of one input or one weight, each compared where it can be.
///
/// An element may have a kink just where it is, and a weight may belong to a unit that is silent for all of a few
/// examples. That is chance and no fault: such elements are looked at again with other inputs and weights.
struct GradientSurvey<L: Layer> {
  /// Elements whose every look ended at a kink or a jump.
  private(set) var unclear: Set<Int> = []
  /// Elements that never counted: neither the layer nor its outputs gave them a derivative.
  private(set) var untouched: Set<Int> = []
  /// Σ_k outputCurvature[k]·(∂y_k/∂x)² of the first look; nil where that was unclear.
  private(set) var curvatures: [Double?] = []
  let count: Int
  /// The largest error, relative to the largest derivative.
  private(set) var error = 0.0
  private(set) var looks = 1

  /// As many as it takes for chance to be no excuse: a unit that is silent for two batches in three is so for all of
  /// them once in four hundred thousand times.
  private static var mostLooks: Int { 32 }
  /// Looks at all elements at once.
  private static var glances: Int { 16 }

  /// - Throws: ``Breach`` where an element's derivative is another one.
  init(_ subject: Subject<L>, _ place: Differences<L>.Place) throws {
    let differences = try Differences(subject, place)
    count = differences.derivatives.count
    unclear = Set(0..<count)
    let mustCount: Bool
    switch place {
    case .input: mustCount = false
    case .parameter: mustCount = !subject.options.leavesElementsUntouched
    }
    curvatures = Array(repeating: nil, count: count)
    try look(differences, Array(0..<count), "")
    while looks < Self.mostLooks, !unclear.isEmpty || (mustCount && !untouched.isEmpty) {
      looks += 1
      let again = unclear.union(mustCount ? untouched : [])
      let other = try subject.redrawn(looks)
      try look(Differences(other, place), again.sorted(), " (inputs and weights of seed \(other.options.seed))")
    }
    for number in 1...Self.glances { try glance(subject.redrawn(Self.mostLooks + number), place) }
    if let element = unclear.min() {
      let verdict = try differences.verdict(element).verdict
      guard case .unclear(let slope) = verdict else { return }
      throw Breach(
        "of \(unclear.count) of \(count.counted("element")) nothing can be said, for the outputs bend or jump however near one "
          + "looks; element \(element): the layer says \(Comparison.text(differences.derivatives[element])), the outputs "
          + "\(Comparison.text(slope)). \(Declaration.surrogateGradient)")
    }
  }

  private mutating func look(_ differences: Differences<L>, _ elements: [Int], _ remark: String) throws {
    var worst: (element: Int, slope: Double, error: Double)?
    var unmoved = 0
    let isFirst = looks == 1
    for element in elements {
      let derivative = differences.derivatives[element]
      let (verdict, slope) = try differences.verdict(element)
      switch verdict {
      case .agrees(let absolute):
        unclear.remove(element)
        if derivative == 0 && slope.value == 0 { untouched.insert(element) } else { untouched.remove(element) }
        error = max(error, differences.scale > 0 ? absolute / differences.scale : 0)
        if isFirst { curvatures[element] = slope.curvature }
      case .differs(let value):
        let difference = abs(derivative - value)
        if difference > worst?.error ?? 0 || difference.isNaN { worst = (element, value, difference) }
        if value == 0 { unmoved += 1 }
      case .unclear: break
      }
    }
    guard let worst else { return }
    let scale = max(differences.scale, abs(worst.slope))
    // A function of steps, of which the gradient knows nothing.
    let hint = unmoved == elements.count && isFirst ? " " + Declaration.surrogateGradient : ""
    throw Breach(
      "gradient: element \(worst.element) is \(Comparison.text(differences.derivatives[worst.element])), not "
        + "\(Comparison.text(worst.slope)), as the outputs say; relative difference "
        + "\(Comparison.text(worst.error / scale))\(remark).\(hint)")
  }

  /// A gradient may be right for the first inputs and wrong for others, such as those for which a unit is silent.
  private func glance(_ other: Subject<L>, _ place: Differences<L>.Place) throws {
    var random = SeededRandom(seed: other.options.seed)
    let signs = (0..<count).map { _ in random.next() >> 63 == 0 ? Float(1) : -1 }
    let (derivative, verdict) = try Differences(other, place).verdict(along: signs)
    guard case .differs(let slope) = verdict else { return }
    throw Breach(
      "gradient: for other inputs and weights, of seed \(other.options.seed), its sum over all elements, each taken with "
        + "a sign by chance, is \(Comparison.text(derivative)), not \(Comparison.text(slope)), as the outputs say")
  }

  /// What is to be said of a survey that found nothing.
  var summary: String {
    "within \(Comparison.text(error))" + (looks > 1 ? ", \(looks) looks" : "")
  }
}
