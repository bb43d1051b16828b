public import FoveaCore
public import FoveaImage
public import FoveaModel
public import FoveaPipeline

/// Draws what every layer of a network makes of one picture: contact sheets of maps, kernels, bars, and a page with all.
public struct FeaturePictures: Sendable {
  private let pipeline: Pipeline
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
    _ = try inputs(of: read(paths).map(\.image))
  }

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
    let drawn = try nodes(layer)
    let (pictures, inputs, geometry, pipeline) = try inputs(of: images)
    let activations: [Tensors]
    let result: any TaskResult
    do throws(PipelineError) {
      do { activations = try pipeline.model.activations(inputs) } catch { throw .model(error) }
      // As a picture is classified, and not from these activations, whose last digits may be others.
      result = try pipeline.result(ofInputs: inputs)
    } catch {
      throw .pipeline(error)
    }
    let (model, prediction) = (pipeline.model, result as? Prediction)
    let files: NewFolder
    do { files = try NewFolder(folder, mayExist: true, keeping: kept) } catch { throw .file(error) }
    let scene = FeatureScene(
      pipeline: pipeline, colorMap: colorMap, diverging: diverging, pictures: pictures, inputs: inputs,
      activations: activations, prediction: prediction, geometry: geometry, fields: model.receptiveFields())
    let digits = String(model.nodes.count).count
    // Of several outputs, the first goes by the layer's name and the others by their own.
    let sources = model.nodes.indices.flatMap { node in
      model.nodes[node].outputShapes.indices.map { Model.Source(node: node, output: $0) }
    }
    let names = FileNaming.fileNames(
      for: sources.map { $0.output == 0 ? model.nodes[$0.node].name : model.name(of: $0) })
    let nameOf = Dictionary(uniqueKeysWithValues: zip(sources, names))
    let statistics = statistics.flatMap { $0.count > 0 ? $0.layers : nil } ?? []
    var layers: [FeatureReport.Layer] = []
    var tables: [StatisticsTable?] = []
    var embedded = EmbeddedPictures()
    let inputSheet = try Self.sheet { () throws(ImageError) in try scene.inputSheet() }
    let number = String(repeating: "0", count: digits)
    let inputPicture = try Self.write(inputSheet, .input, "\(number)-input", to: files, &embedded)
    for index in drawn {
      let count = String(index + 1)
      let prefix = String(repeating: "0", count: digits - count.count) + count + "-"
      let sheets = try Self.sheet { () throws(ImageError) in try scene.sheets(for: index) }
      var pictures: [FeatureReport.Picture] = []
      for sheet in sheets {
        let source = Model.Source(node: index, output: sheet.output)
        let file = prefix + (nameOf[source] ?? "") + "-" + sheet.content.rawValue
        var picture = try Self.write(sheet.sheet, sheet.content, file, to: files, &embedded)
        if sheet.output > 0 { picture.output = model.name(of: source) }
        pictures.append(picture)
      }
      let statistics = statistics.indices.contains(index) ? statistics[index] : nil
      layers.append(scene.describe(index, pictures, statistics))
      tables.append(
        statistics.map { StatisticsTable(LayerStatistics(of: model.nodes[index], activations[index]), over: $0) })
    }
    let report = FeatureReport(
      model: model.name, image: name, inputShape: model.inputShape.dimensions, label: prediction?.label,
      confidence: prediction?.confidence, top: prediction?.best(5) ?? [],
      result: prediction == nil ? Self.text(result) : nil, input: inputPicture, layers: layers,
      page: "index.html")
    let viewer = try Self.sheet { () throws(ImageError) in try scene.viewer(report) }
    do throws(FileError) {
      try files.write(
        FeaturePage(report, viewer: viewer, pictures: embedded.addresses, tables: tables).html, to: report.page)
      try files.commit()
    } catch {
      throw .file(error)
    }
    return report
  }

  private static func text(_ result: any TaskResult) -> String {
    result.cells(top: 5).map { $0.title.isEmpty ? $0.text : "\($0.title) \($0.text)" }.joined(separator: "; ")
  }

  private func nodes(_ layer: String?) throws(FeatureError) -> [Int] {
    let nodes = pipeline.model.nodes
    guard let layer else { return Array(nodes.indices) }
    guard let index = nodes.firstIndex(where: { $0.name == layer }) else {
      throw .unknownLayer(name: layer, known: nodes.map(\.name))
    }
    return [index]
  }

  private static func sheet<Sheet>(_ make: () throws(ImageError) -> Sheet) throws(FeatureError) -> Sheet {
    do { return try make() } catch { throw .image(error) }
  }

  private static func write(
    _ panel: some Panel, _ content: FeatureReport.Picture.Content, _ name: String, to folder: NewFolder,
    _ embedded: inout EmbeddedPictures
  ) throws(FeatureError) -> FeatureReport.Picture {
    let image: Image
    let bytes: [UInt8]
    do throws(ImageError) {
      image = try panel.image()
      bytes = try ImageEncoder.png().encode(image)
    } catch { throw .image(error) }
    do throws(FileError) { try folder.write(bytes, to: name + ".png") } catch { throw .file(error) }
    embedded.add(bytes, name: name + ".png")
    return FeatureReport.Picture(content: content, file: "\(name).png", width: image.width, height: image.height)
  }
}

/// Pictures that a page holds itself, as long as it stays one that a browser opens at once.
private struct EmbeddedPictures {
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
