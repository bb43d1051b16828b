import Foundation

// Losses of classes.
extension ONNXOperators {
  static let losses: [ONNXOperator] = [
    .one("NegativeLogLikelihoodLoss") { call in
      try likelihood(try call.tensor(0), call)
    },
    .several("SoftmaxCrossEntropyLoss") { call in
      let scores = try call.tensor(0)
      guard scores.rank >= 2, scores.dimensions[1] > 0 else { throw Problem("scores of \(scores.dimensions)") }
      var numbers = scores.numbers
      Groups(scores.dimensions, axes: [1]).each { places in
        let largest = places.reduce(-Double.infinity) { max($0, numbers[$1]) }
        let rest = log(places.reduce(0) { $0 + exp(numbers[$1] - largest) })
        for place in places { numbers[place] -= largest + rest }
      }
      let logarithms = ONNXTensor.make(scores.type, numbers: numbers, scores.dimensions)
      return [try likelihood(logarithms, call), logarithms]
    },
  ]

  private static func likelihood(_ input: ONNXTensor, _ call: ONNXCall) throws -> ONNXTensor {
    let target = try call.tensor(1)
    let weights = try call.optionalTensor(2)?.numbers
    let ignored = try call.whole("ignore_index")
    guard input.rank >= 2 else { throw Problem("scores of \(input.dimensions)") }
    let (classes, inner) = (input.dimensions[1], input.dimensions[2...].reduce(1, *))
    guard target.dimensions == [input.dimensions[0]] + input.dimensions[2...],
      weights.map({ $0.count == classes }) ?? true
    else { throw Problem("classes of \(target.dimensions) for scores of \(input.dimensions)") }
    let numbers = input.numbers
    var (losses, total): ([Double], Double) = ([], 0)
    for (index, label) in target.wholes.enumerated() {
      guard label != ignored else {
        losses.append(0)
        continue
      }
      guard label >= 0, label < classes else { throw Problem("there is no class \(label) among \(classes)") }
      let weight = weights?[Int(label)] ?? 1
      total += weight
      losses.append(-weight * numbers[(index / inner * classes + Int(label)) * inner + index % inner])
    }
    switch try call.text("reduction", default: "mean") {
    case "none": return .make(input.type, numbers: losses, target.dimensions)
    case "sum": return .make(input.type, numbers: [losses.reduce(0, +)], [])
    case "mean": return .make(input.type, numbers: [losses.reduce(0, +) / total], [])
    case let other: throw Problem("attribute 'reduction' is '\(other)', which is not known")
    }
  }
}
