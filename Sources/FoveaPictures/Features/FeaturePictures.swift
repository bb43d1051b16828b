public import FoveaCore
public import FoveaImage
public import FoveaModel
public import FoveaPipeline

/// Draws what every layer of a network makes of one picture: contact sheets of maps, kernels, bars, and a page with all.
public struct FeaturePictures: Sendable {
  let pipeline: Pipeline
  private let colorMap: any ColorMap
  /// For signed weights, symmetric around zero.
  private let diverging: any ColorMap = CoolWarm()

  /// - Parameter colorMap: a registered kind, for maps.
  /// - Throws: ``RegistryError/unknownKind(noun:kind:known:belongs:)``
  public init(_ pipeline: Pipeline, colorMap: String = Viridis.kind, registry: Registry) throws(RegistryError) {
    self.pipeline = pipeline
    let type = try registry.entry(colorMap, of: .colorMaps).type
    self.colorMap = Self.make(type)
  }

  private static func make<Map: ColorMap>(_ type: Map.Type) -> any ColorMap { type.init() }

  /// Decodes the picture as the model does, and draws.
  ///
  /// - Throws: as ``draw(_:name:layer:to:keeping:)``.
  @discardableResult
  public func draw(path: String, layer: String? = nil, to folder: String) throws(FeatureError) -> FeatureReport {
    try draw([FilePath(path)], layer: layer, to: folder)
  }

  /// As ``draw(path:layer:to:)``, with a picture for each of the network's inputs, in their order. Neither the pictures'
  /// files nor those that are to be kept are replaced.
  ///
  /// - Parameter statistics: of many pictures, to be set beside what each layer makes of these.
  @discardableResult
  public func draw(
    _ paths: [FilePath], layer: String? = nil, to folder: String, keeping kept: [FilePath] = [],
    statistics: ActivationStatistics? = nil
  ) throws(FeatureError) -> FeatureReport {
    let pictures = try read(paths)
    let name = paths.map(\.description).joined(separator: ", ")
    var report = try draw(
      pictures.map(\.image), name: name, layer: layer, to: folder, keeping: kept + paths, statistics: statistics)
    report.warnings = pictures.flatMap(\.warnings)
    return report
  }

  /// Whether there is such a layer, and the network takes these pictures: what is to be known before much is computed for them.
  ///
  /// - Throws: as ``draw(_:layer:to:keeping:statistics:)``.
  package func check(_ paths: [FilePath], layer: String?) throws(FeatureError) {
    _ = try nodes(layer)
    try check(read(paths).map(\.image))
  }

  /// Whether the network takes these pictures.
  func check(_ images: [Image]) throws(FeatureError) { _ = try inputs(of: images) }

  private func read(_ paths: [FilePath]) throws(FeatureError) -> [DecodedImage] {
    do throws(ImageError) {
      return try paths.map { path throws(ImageError) in try pipeline.preprocessor.decoder.read(path) }
    } catch { throw .image(error) }
  }

  /// The network's inputs for an example, and the network in their size.
  private func inputs(
    of images: [Image]
  ) throws(FeatureError) -> (pictures: OneOrMore<Image>, inputs: Tensors, geometry: PictureGeometry, pipeline: Pipeline)
  {
    guard let pictures = OneOrMore(images) else {
      throw .pipeline(.severalInputs(name: pipeline.model.name, inputs: pipeline.pictureNames))
    }
    do throws(PipelineError) {
      let (inputs, geometry) = try pipeline.inputs(for: pictures.mapped { DecodedImage(image: $0) })
      return (pictures, inputs, geometry, try pipeline.resized(to: inputs))
    } catch { throw .pipeline(error) }
  }

  /// Writes the pictures and `index.html` into `folder`, which is made where it is missing: all of them, or none.
  ///
  /// - Parameters:
  ///   - name: what to call the picture.
  ///   - layer: the only layer to draw; nil for all.
  ///   - kept: files that must not be replaced, such as the model's.
  /// - Throws: ``FeatureError`` for an unknown layer, for a picture that the model cannot take, and where a file cannot
  ///   be written.
  @discardableResult
  public func draw(
    _ image: Image, name: String, layer: String? = nil, to folder: String, keeping kept: [FilePath] = []
  ) throws(FeatureError) -> FeatureReport {
    try draw([image], name: name, layer: layer, to: folder, keeping: kept)
  }

  /// The same with a picture for each of the network's inputs, in their order.
  ///
  /// - Parameter statistics: of many pictures, to be set beside what each layer makes of these.
  @discardableResult
  public func draw(
    _ images: [Image], name: String, layer: String? = nil, to folder: String, keeping kept: [FilePath] = [],
    statistics: ActivationStatistics? = nil
  ) throws(FeatureError) -> FeatureReport {
    let nodes = try nodes(layer)
    var scene = try scene(of: images, isMoving: false)
    if let statistics, statistics.count > 0 { scene.statistics = statistics.layers }
    let files: NewFolder
    do { files = try NewFolder(folder, mayExist: true, keeping: kept) } catch { throw .file(error) }
    var embedded = EmbeddedPictures()
    let report = try report(scene, nodes, name: name) { panel, name throws(FeatureError) in
      let (image, bytes) = try Self.made { () throws(ImageError) in
        let image = try panel.image()
        return (image, try ImageEncoder.png().encode(image))
      }
      try Self.write(bytes, to: name, in: files)
      embedded.add(bytes, name: name)
      return image.size
    }
    try finish(report, scene, embedded, files)
    return report
  }

  /// What is seen of a picture, or of one for each input.
  func scene(of images: [Image], isMoving: Bool) throws(FeatureError) -> FeatureScene {
    let (pictures, inputs, geometry, pipeline) = try inputs(of: images)
    do throws(PipelineError) {
      let activations: [Tensors]
      do { activations = try pipeline.model.activations(inputs) } catch { throw .model(error) }
      return FeatureScene(
        pipeline: pipeline, colorMap: colorMap, diverging: diverging, pictures: pictures, inputs: inputs,
        // As a picture is classified, and not from these activations, whose last digits may be others.
        activations: activations, result: try pipeline.result(ofInputs: inputs), geometry: geometry,
        fields: pipeline.model.receptiveFields(), isMoving: isMoving)
    } catch { throw .pipeline(error) }
  }

  /// Has every sheet of the layers written, and says what they show.
  ///
  /// - Parameter write: gets a sheet and its file's name, and returns how large it is drawn.
  func report(
    _ scene: FeatureScene, _ nodes: [Int], name: String,
    write: (Sheet, String) throws(FeatureError) -> ImageSize
  ) throws(FeatureError) -> FeatureReport {
    let (model, prediction) = (scene.pipeline.model, scene.prediction)
    var input: FeatureReport.Picture?
    var layers: [FeatureReport.Layer] = []
    try forEachSheet(scene, nodes) { node, sheets throws(FeatureError) in
      var pictures: [FeatureReport.Picture] = []
      for sheet in sheets {
        let size = try write(sheet.sheet, sheet.file)
        var picture = FeatureReport.Picture(
          content: sheet.content, file: sheet.file, width: size.width, height: size.height)
        if let node, sheet.output > 0 {
          picture.output = model.name(of: Model.Source(node: node, output: sheet.output))
        }
        pictures.append(picture)
      }
      if let node { layers.append(scene.describe(node, pictures)) } else { input = pictures.first }
    }
    return FeatureReport(
      model: model.name, image: name, inputShape: model.inputShape.dimensions, label: prediction?.label,
      confidence: prediction?.confidence, top: prediction?.best(5) ?? [],
      result: prediction == nil ? Self.text(scene.result) : nil,
      input: input ?? FeatureReport.Picture(content: .input, file: "", width: 0, height: 0), layers: layers,
      page: "index.html")
  }

  /// A sheet, what it shows, and the name of its file.
  typealias NamedSheet = (content: FeatureReport.Picture.Content, output: Int, sheet: Sheet, file: String)

  /// Calls `body` with the sheets of the input, whose node is nil, and of each layer.
  func forEachSheet(
    _ scene: FeatureScene, _ nodes: [Int], _ body: (Int?, [NamedSheet]) throws(FeatureError) -> Void
  ) throws(FeatureError) {
    let model = scene.pipeline.model
    let digits = String(model.nodes.count).count
    // Of several outputs, the first goes by the layer's name and the others by their own.
    let sources = model.nodes.indices.flatMap { node in
      model.nodes[node].outputShapes.indices.map { Model.Source(node: node, output: $0) }
    }
    let names = FileNaming.fileNames(
      for: sources.map { $0.output == 0 ? model.nodes[$0.node].name : model.name(of: $0) })
    let nameOf = Dictionary(uniqueKeysWithValues: zip(sources, names))
    let input = try Self.made { () throws(ImageError) in try scene.inputSheet() }
    try body(nil, [(.input, 0, input, String(repeating: "0", count: digits) + "-input.png")])
    for node in nodes {
      let count = String(node + 1)
      let prefix = String(repeating: "0", count: digits - count.count) + count + "-"
      let sheets = try Self.made { () throws(ImageError) in try scene.sheets(for: node) }
      try body(
        node,
        sheets.map { sheet in
          let name = nameOf[Model.Source(node: node, output: sheet.output)] ?? ""
          return (sheet.content, sheet.output, sheet.sheet, "\(prefix)\(name)-\(sheet.content.rawValue).png")
        })
    }
  }

  /// Writes the page, and puts all files in their places.
  func finish(
    _ report: FeatureReport, _ scene: FeatureScene, _ embedded: EmbeddedPictures, _ files: NewFolder
  ) throws(FeatureError) {
    let viewer = try Self.made { () throws(ImageError) in try scene.viewer(report) }
    do throws(FileError) {
      let page = FeaturePage(
        report, viewer: viewer, pictures: embedded.addresses, tables: scene.tables(of: report.layers.map(\.name)))
      try files.write(page.html, to: report.page)
      try files.commit()
    } catch { throw .file(error) }
  }

  private static func text(_ result: any TaskResult) -> String {
    result.cells(top: 5).map { $0.title.isEmpty ? $0.text : "\($0.title) \($0.text)" }.joined(separator: "; ")
  }

  func nodes(_ layer: String?) throws(FeatureError) -> [Int] {
    let nodes = pipeline.model.nodes
    guard let layer else { return Array(nodes.indices) }
    guard let index = nodes.firstIndex(where: { $0.name == layer }) else {
      throw .unknownLayer(name: layer, known: nodes.map(\.name))
    }
    return [index]
  }

  static func made<Made>(_ make: () throws(ImageError) -> Made) throws(FeatureError) -> Made {
    do { return try make() } catch { throw .image(error) }
  }

  static func write(_ bytes: [UInt8], to name: String, in folder: NewFolder) throws(FeatureError) {
    do throws(FileError) { try folder.write(bytes, to: name) } catch { throw .file(error) }
  }
}

/// Pictures that a page holds itself, as long as it stays one that a browser opens at once.
struct EmbeddedPictures {
  private(set) var addresses: [String: String] = [:]
  private var bytes = 0
  /// 24 MiB.
  private static let mostBytes = 24 << 20

  mutating func add(_ picture: [UInt8], name: String) {
    guard bytes + picture.count <= Self.mostBytes else { return }
    bytes += picture.count
    addresses[name] = Page.address(picture, type: "png")
  }
}

/// What can go wrong when features are drawn.
public enum FeatureError: FoveaError, Equatable {
  case unknownLayer(name: String, known: [String])
  case pipeline(PipelineError)
  case image(ImageError)
  case file(FileError)

  public var description: String {
    switch self {
    case .unknownLayer(let name, let known):
      "the model has no layer '\(name)'"
        + (Spelling.nearest(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ";")
        + " Its layers: \(known.joined(separator: ", "))"
    case .pipeline(let error): error.description
    case .image(let error): error.description
    case .file(let error): error.description
    }
  }
}
