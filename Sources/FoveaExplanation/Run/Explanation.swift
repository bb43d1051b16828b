public import FoveaCore
import FoveaImage

/// Where the decision about one picture comes from.
public struct Explanation: Sendable {
  /// One class by one method.
  public struct Part: Sendable {
    public let method: String
    /// The settings in which it differs from others of that method in the same run, `window 6`; empty where there is one alone.
    public let settings: String
    /// The method's name for people, with these settings.
    public let title: String
    public let place: ExplainedPlace
    /// The class's name.
    public let label: String
    /// The class's number.
    public let index: Int
    /// What the network puts out for it, before softmax or sigmoid.
    public let score: Float
    /// 0…1; nil where the result has none.
    public let confidence: Float?
    /// At the places of the layer or of the input; nil where there is a ``problem``.
    public internal(set) var map: HeatMap?
    public internal(set) var focus: HeatFocus?
    public internal(set) var faithfulness: Faithfulness?
    /// How far the map of a network with random weights agrees, −1…1: a map that has to do with what was learned is far from 1.
    public internal(set) var randomized: Float?
    public internal(set) var problem: String?
  }

  /// As given, or as found.
  public let path: String
  public let model: String
  /// What the model yields.
  public let result: any TaskResult
  /// Whose maps were looked at; nil where the network has none.
  public let layer: LayerChoice?
  public let parts: [Part]
  /// From the picture's pixels to the network's input.
  public let geometry: PictureGeometry
  /// What the network was given, `[1, channels, height, width]`.
  public let input: Tensor
  /// As it was decoded, which may be at a part of its full size.
  public let picture: Image
  public let warnings: [String]

  public var prediction: Prediction? { result as? Prediction }

  /// The same without the numbers of maps and pictures, which may be many.
  package var withoutPictures: Explanation {
    let small = Tensor(zeros: [1, 1, 1, 1])
    let parts = parts.map { part in
      var part = part
      part.map = nil
      return part
    }
    guard let dot = try? Image(width: 1, height: 1, channels: 1, pixels: .bytes([0])) else { return self }
    return Explanation(
      path: path, model: model, result: result, layer: layer, parts: parts, geometry: geometry, input: small,
      picture: dot, warnings: warnings)
  }

  /// The heat over the original picture, drawn at some size: 0 where the network has not looked.
  ///
  /// - Throws: ``ImageError/unknownGeometry(kind:)``
  public func heat(of part: Part, at size: ImageSize) throws(ImageError) -> HeatMap? {
    guard let map = part.map else { return nil }
    let image = try Image(width: map.width, height: map.height, channels: 1, pixels: .floats(map.values))
    let toInput = AffineTransform.resizing(from: size, to: geometry.original).then(try geometry.toInput)
    let large = try PictureGeometry(original: size, input: geometry.input, transform: toInput).onOriginal(image)
    guard case .floats(let values) = large.pixels else { return nil }
    return HeatMap(values, width: large.width, height: large.height)
  }
}

/// What a row says of an explanation.
public struct ExplanationResult: TaskResult {
  public static let kind = "explanation"

  /// The fields of what the model yields.
  let decision: [ResultField]
  let cellsOfDecision: [ResultCell]
  let layer: String?
  let parts: [ResultValue]
  let short: [String]
  let files: [String]

  /// - Parameter files: what was written, by their names in the folder.
  public init(_ explanation: Explanation, files: [String]) {
    decision = explanation.result.fields(top: 1).filter { !$0.isDetail }
    cellsOfDecision = Array(explanation.result.cells(top: 1).prefix(2))
    layer = explanation.layer?.name
    parts = explanation.parts.map(Self.value)
    short = explanation.parts.map(Self.short)
    self.files = files
  }

  /// A row's fields without anything in them.
  ///
  /// - Parameter result: what the model yields of outputs that mean nothing: ``Pipeline/blankResult``.
  public init(blank result: any TaskResult) {
    decision = result.fields(top: 1).filter { !$0.isDetail }
    cellsOfDecision = Array(result.cells(top: 1).prefix(2))
    (layer, parts, short, files) = (nil, [], [], [])
  }

  public func fields(top: Int) -> [ResultField] {
    decision + [
      ResultField("layer", layer.map { .text($0) } ?? .null), ResultField("explanations", .items(parts)),
      ResultField("files", .items(files.map { .text($0) }), isDetail: true),
    ]
  }

  public func cells(top: Int) -> [ResultCell] {
    cellsOfDecision + [ResultCell("the heat lies at", short.joined(separator: "; "))]
  }

  public static func == (one: Self, other: Self) -> Bool {
    one.decision == other.decision && one.layer == other.layer && one.parts == other.parts && one.files == other.files
  }

  private static func short(_ part: Explanation.Part) -> String {
    let place = part.focus?.centroid.map { "\(Int($0.x.rounded())),\(Int($0.y.rounded()))" } ?? "no heat"
    let faith = part.faithfulness.map {
      ", deletion \(NumberText.short($0.deletion)), insertion \(NumberText.short($0.insertion))"
    }
    let random = part.randomized.map { ", randomized \(NumberText.short($0))" }
    let method = part.settings.isEmpty ? part.method : "\(part.method) (\(part.settings))"
    return "\(method) \(part.label): \(part.problem ?? place)\(faith ?? "")\(random ?? "")"
  }

  private static func value(_ part: Explanation.Part) -> ResultValue {
    var fields = [
      ResultField("method", .text(part.method)), ResultField("class", .text(part.label)),
      ResultField("score", .number(part.score)),
      ResultField("confidence", part.confidence.map { .number($0) } ?? .null),
    ]
    if !part.settings.isEmpty { fields.insert(ResultField("settings", .text(part.settings)), at: 1) }
    if let problem = part.problem { fields.append(ResultField("problem", .text(problem))) }
    if let focus = part.focus {
      fields.append(
        ResultField(
          "centroid", focus.centroid.map { .list([.number(Float($0.x)), .number(Float($0.y))]) } ?? .null))
      fields.append(
        ResultField(
          "box", focus.box.map { .list([$0.left, $0.top, $0.right, $0.bottom].map { .number(Float($0)) }) } ?? .null))
      fields.append(ResultField("boxShare", .number(focus.share)))
    }
    if let faith = part.faithfulness {
      fields += [
        ResultField("deletion", .number(faith.deletion)), ResultField("insertion", .number(faith.insertion)),
        ResultField("road", .number(faith.road)),
      ]
    }
    if let randomized = part.randomized { fields.append(ResultField("randomized", .number(randomized))) }
    return .record(fields)
  }
}
