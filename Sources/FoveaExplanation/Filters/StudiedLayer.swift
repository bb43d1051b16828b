public import FoveaCore
public import FoveaModel

/// A layer whose units are looked into: what they look for, and what of the input they see.
public struct StudiedLayer: Sendable {
  public let name: String
  public let kind: String
  /// Of what it puts out: `[units, height, width]` or `[units]`.
  public let shape: Shape
  public let field: ReceptiveField
  /// From the input to the layer.
  let model: Model
  let tracer: Tracer

  /// How many units there are: one for each map, or for each number.
  public var units: Int { shape.rank == 3 ? shape[0] : shape.count }

  /// Numbers of each unit: those of its map.
  var places: Int { shape.count / max(units, 1) }

  /// - Parameter index: of the node.
  /// - Throws: ``ExplanationError`` where the layer does not depend on the input.
  public init(_ model: Model, node index: Int) throws(ExplanationError) {
    let node = model.nodes[index]
    (name, kind, shape) = (node.name, type(of: node.layer).kind, node.outputShape)
    field = model.receptiveFields()[index]
    do throws(ModelError) {
      self.model = try model.part(from: [.input()], to: Model.Source(node: index)).model
      tracer = try Tracer(self.model)
    } catch { throw .network(error.description) }
  }

  /// - Parameters:
  ///   - names: of layers; `auto` is the last one with maps, `all` all that have kernels.
  /// - Throws: ``ExplanationError`` for a name that no layer has.
  public static func choose(_ names: [String], in model: Model) throws(ExplanationError) -> [StudiedLayer] {
    var indices: [Int] = []
    for name in names {
      switch name {
      case "all":
        indices += model.nodes.indices.filter { index in
          model.nodes[index].parameters.contains { $0.shape.rank >= 2 }
            && model.nodes[index].outputElements[0] == .float32
        }
      case "auto":
        guard let layer = try ExplainedModel(model).layer else {
          throw .unknown("no layer of '\(model.name)' puts out maps; name one with --layer")
        }
        indices.append(layer.source.node)
      default:
        guard let index = model.nodes.firstIndex(where: { $0.name == name }) else {
          let known = model.nodes.map(\.name)
          let hint = Spelling.nearest(to: name, among: known).map { "; did you mean '\($0)'?" } ?? "."
          throw .unknown("the model has no layer '\(name)'\(hint) Its layers: \(known.joined(separator: ", "))")
        }
        indices.append(index)
      }
    }
    return try indices.map { index throws(ExplanationError) in try StudiedLayer(model, node: index) }
  }
}
