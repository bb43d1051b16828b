public import FoveaCore

/// How another program calls the weights of an architecture that both have: the next program costs an entry of ``all``.
public struct WeightNames: Sendable {
  /// As `--names` has it.
  public let name: String
  /// One line for listings.
  public let summary: String
  /// What a parameter of a layer is called there, behind the layer's name and a dot; nil where it has none.
  private let parameter: @Sendable (_ kind: String, _ parameter: String) -> String?
  /// Endings of names that stand for nothing here.
  private let ignored: [String]

  public init(
    _ name: String, _ summary: String, ignoring ignored: [String] = [],
    _ parameter: @escaping @Sendable (_ kind: String, _ parameter: String) -> String?
  ) {
    (self.name, self.summary, self.ignored, self.parameter) = (name, summary, ignored, parameter)
  }

  public static let all = [
    WeightNames("torchvision", "a state_dict of torchvision's networks", ignoring: [".num_batches_tracked"]) {
      kind, parameter in
      switch (kind, parameter) {
      case ("convolution", "kernel"), ("dense", "weight"), ("batchNormalization", "scale"): "weight"
      case ("convolution", "bias"), ("dense", "bias"), ("batchNormalization", "shift"): "bias"
      case ("batchNormalization", "runningMean"): "running_mean"
      case ("batchNormalization", "runningVariance"): "running_var"
      default: nil
      }
    },
    WeightNames("fovea", "this toolkit's own names, such as c3.kernel") { _, parameter in parameter },
  ]

  /// For help and errors.
  public static let names = all.map(\.name).joined(separator: ", ")

  /// Nil where there is no such program.
  public static func named(_ name: String) -> WeightNames? { all.first { $0.name == name } }

  /// A model of an architecture with the weights of a file.
  ///
  /// - Throws: ``WeightNamesError`` that lists every weight that is missing, left over, or of another shape; ``ModelError``.
  public func model(
    _ description: ModelDescription, weights path: String, registry: Registry
  ) throws -> Model {
    let file: SafeTensors
    do { file = try SafeTensors(contentsOf: path) } catch { throw ModelFileError.safeTensors(error) }
    var tensors: [String: Tensor] = [:]
    var problems: [String] = []
    var unused = Set(file.tensors.keys.filter { name in !ignored.contains { name.hasSuffix($0) } })
    for node in try Model.nodes(of: description, registry: registry) {
      for own in node.parameters {
        guard let ending = parameter(type(of: node.layer).kind, own.name) else {
          problems.append("'\(node.name)' (\(type(of: node.layer).kind)) has no '\(own.name)' there")
          continue
        }
        let name = "\(node.name).\(ending)"
        unused.remove(name)
        guard let tensor = file.tensors[name] else {
          problems.append("'\(name)' of shape \(own.shape) is missing")
          continue
        }
        if tensor.shape != own.shape {
          problems.append("'\(name)' must have shape \(own.shape), but has \(tensor.shape)")
        } else if !tensor.converted(to: .float32).isFinite {
          problems.append("'\(name)' holds what is no finite number")
        }
        tensors["\(node.name).\(own.name)"] = tensor
      }
    }
    problems += unused.sorted().map { "'\($0)' belongs to no layer" }
    guard problems.isEmpty else {
      throw WeightNamesError(file: path, architecture: description.name, names: name, problems: problems)
    }
    return try Model(description, registry: registry, tensors: tensors)
  }
}

/// Weights that are not those of the architecture.
public struct WeightNamesError: FoveaError, Equatable {
  public let file: String
  public let architecture: String
  public let names: String
  public let problems: [String]

  public var description: String {
    let shown = problems.prefix(10).map { "  " + $0.printable }
    let rest = problems.count > shown.count ? ["  and \(problems.count - shown.count) more"] : []
    return "'\(file.printable)' does not hold the weights of '\(architecture)' by the names of '\(names)':\n"
      + (shown + rest).joined(separator: "\n")
  }
}
