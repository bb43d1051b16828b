public import FoveaCore
import FoveaImage
public import FoveaModel
public import FoveaPipeline

extension FeaturePictures {
  /// Draws what every layer makes of an animation or a video, frame by frame: sheets of maps and numbers move, as animated PNG
  /// files. Kernels stay what they are. Maps are drawn in their own range in each frame.
  ///
  /// - Parameters:
  ///   - clip: one file, and which of its frames are taken.
  ///   - layer: the only layer to draw; nil for all.
  ///   - kept: files that must not be replaced, such as the model's.
  ///   - statistics: of many pictures, to be set beside what each layer makes of the first frame.
  /// - Returns: what there is to say of the first frame, and what was decided in all. Where the clip ends early, a warning says
  ///   so.
  /// - Throws: as ``draw(_:name:layer:to:keeping:)-(Image,_,_,_,_)``; ``BatchError`` where there is no frame.
  public func draw(
    clip: PictureInputs, layer: String? = nil, to folder: String, keeping kept: [FilePath] = [],
    statistics: ActivationStatistics? = nil
  ) throws -> FeatureReport {
    let nodes = try nodes(layer)
    let name = clip.paths.map(\.description).joined(separator: ", ")
    try checkNumber(of: clip)
    let files = try NewFolder(folder, mayExist: true, keeping: kept + clip.paths)
    let work = PictureWork(clip, pipeline.preprocessor.decoder, threads: 1)
    var first: FeatureScene?
    var moving = MovingSheets(files: files)
    var (frames, warnings): ([FeatureReport.Frame], [String]) = ([], [])
    _ = try work.run(
      make: { _, picture in picture.image },
      each: { item, picture in
        switch picture {
        case .failure(let failure): warnings.append(failure.problem)
        case .success(let image):
          let scene = try scene(of: [image], isMoving: true)
          try forEachSheet(scene, nodes) { _, sheets throws(FeatureError) in
            for sheet in sheets { try moving.add(sheet, seconds: item.frame?.seconds) }
          }
          frames.append(
            .init(name: item.name, label: scene.prediction?.label, confidence: scene.prediction?.confidence))
          first = first ?? scene
        }
      })
    guard var first else { throw Self.noFrame(of: clip, warnings.first) }
    if let statistics, statistics.count > 0 { first.statistics = statistics.layers }
    try moving.finish()
    var report = try report(first, nodes, name: name) { sheet, name in
      moving.sizes[name] ?? ImageSize(width: sheet.width, height: sheet.height)
    }
    (report.frames, report.warnings) = (frames, warnings)
    try finish(report, first, moving.embedded, files)
    return report
  }

  /// Whether there is such a layer, and the network takes the clip's first frame: what is to be known before much is computed for
  /// it.
  ///
  /// - Throws: as ``draw(clip:layer:to:keeping:statistics:)``.
  package func check(clip: PictureInputs, layer: String?) throws {
    _ = try nodes(layer)
    try checkNumber(of: clip)
    let (first, failure) = try PictureWork(clip, pipeline.preprocessor.decoder, threads: 1).first { $1.image }
    guard let first else { throw Self.noFrame(of: clip, failure?.problem) }
    try check([first])
  }

  private func checkNumber(of clip: PictureInputs) throws(FeatureError) {
    guard pipeline.pictureNames.count == 1, clip.paths.count == 1 else {
      throw .pipeline(.severalInputs(name: pipeline.model.name, inputs: pipeline.pictureNames))
    }
  }

  private static func noFrame(of clip: PictureInputs, _ reason: String?) -> FeatureError {
    let name = clip.paths.map(\.description).joined(separator: ", ")
    return .image(.undecodable(source: "'\(name)'", reason: reason ?? "it has no frame"))
  }
}

/// The files that sheets of many frames become.
private struct MovingSheets {
  let files: NewFolder
  private(set) var embedded = EmbeddedPictures()
  private(set) var sizes: [String: ImageSize] = [:]
  private var animations: [String: ClipAnimation] = [:]
  /// What all of them may hold until it is written: 256 MiB.
  private static let mostBytes = 256 << 20
  private static let usualSheets = 32

  init(files: NewFolder) { self.files = files }

  mutating func add(_ sheet: FeaturePictures.NamedSheet, seconds: Double?) throws(FeatureError) {
    // The same in every frame.
    guard sheet.content != .kernels || animations[sheet.file] == nil else { return }
    let image = try FeaturePictures.made { () throws(ImageError) in try sheet.sheet.image() }
    var animation =
      animations[sheet.file]
      ?? ClipAnimation(
        stem: String(sheet.file.dropLast(".png".count)),
        mostBytes: Self.mostBytes / max(animations.count, Self.usualSheets))
    if sizes[sheet.file] == nil { sizes[sheet.file] = image.size }
    do throws(ImageError) { try animation.add(image, seconds: seconds) } catch { throw .image(error) }
    try write(&animation)
    animations[sheet.file] = animation
  }

  mutating func finish() throws(FeatureError) {
    for (name, var animation) in animations.sorted(by: { $0.key < $1.key }) {
      do throws(ImageError) { try animation.finish() } catch { throw .image(error) }
      try write(&animation)
      animations[name] = animation
    }
  }

  private mutating func write(_ animation: inout ClipAnimation) throws(FeatureError) {
    for (name, bytes) in animation.takeFinished() {
      try FeaturePictures.write(bytes, to: name, in: files)
      embedded.add(bytes, name: name)
    }
  }
}
