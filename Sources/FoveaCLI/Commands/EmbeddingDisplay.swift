import Fovea

/// Brings embeddings onto a plane, and shows them there.
struct EmbeddingDisplay {
  let toolbox: Toolbox
  let method: any ProjectionMethod
  let seed: UInt64
  let pool: WorkerPool

  private static let neighbors = 10
  /// Of more points, neighbors are looked for among so many principal components.
  private static let fewPoints = 20_000
  private static let components = 64

  private var kind: String { type(of: method).kind }

  /// The points on a plane, written to a file where one is named.
  func project(
    _ source: some PointSource, _ entries: [EmbeddingFile.Entry], to path: String?
  ) throws -> Projection {
    if let path {
      try TextFile.check(path)
      Interruption.keepsFromWriting(path)
    }
    let start = ContinuousClock.now
    var bar = ProgressBar(isQuiet: toolbox.isQuiet)
    let projection = try method.project(source, seed: seed, on: pool) { done, total throws(ProjectionError) in
      bar.update(kind, steps: done, of: total)
    }
    bar.clear()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    toolbox.note(
      "\(kind): \(Format.count(source.count, "point")) of \(source.dimensions) dimensions in \(Format.fixed(seconds, 2)) s; "
        + projection.remark)
    guard let path else { return projection }
    var text = "path,label,x,y\n"
    for (point, entry) in entries.enumerated() {
      text +=
        "\(Self.cell(entry.path)),\(Self.cell(entry.label ?? "")),\(projection.points.values[2 * point]),"
        + "\(projection.points.values[2 * point + 1])\n"
    }
    try TextFile.write(text, to: path)
    Interruption.nothingToLose()
    toolbox.note("\(FileName.printable(path)): where each image lies")
    return projection
  }

  private static func cell(_ text: String) -> String {
    guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  /// - Parameter picture: decodes the picture of an entry; nil for the one that its path names.
  func write(
    _ source: some PointSource, _ entries: [EmbeddingFile.Entry], _ projection: Projection, title: String,
    layer: String,
    to folder: String, picture: (@Sendable (EmbeddingFile.Entry, ImageDecoder) -> Image?)?
  ) throws {
    Interruption.keepsFromWriting(folder)
    var bar = ProgressBar(isQuiet: toolbox.isQuiet)
    func step(_ done: Int, _ total: Int) throws(ProjectionError) {
      bar.update("neighbors", steps: done, of: total)
    }
    let isLarge = source.count > Self.fewPoints && source.dimensions > Self.components
    let neighbors: NeighborGraph
    if isLarge {
      let components = try PrincipalComponents(of: source, components: Self.components, seed: seed, on: pool)
      neighbors = try NeighborGraph(
        of: try components.project(source, on: pool), neighbors: Self.neighbors, metric: .cosine, on: pool,
        onProgress: step)
    } else {
      neighbors = try NeighborGraph(
        of: source, neighbors: Self.neighbors, metric: .cosine, on: pool, onProgress: step)
    }
    let words =
      "\(Format.count(source.count, "image")) by what layer \(layer) makes of them, \(source.dimensions) numbers each, on a plane "
      + "by \(kind); \(projection.remark). Neighbors are those of all "
      + (isLarge ? "directions in which they differ most" : "numbers") + ", by the angle between them."
    let contents = EmbeddingPage.Contents(
      title: title, explanation: words, plane: projection.points, entries: entries, neighbors: neighbors)
    let page = try EmbeddingPage(
      contents, on: pool, onProgress: { bar.update("pictures", steps: $0, of: entries.count) },
      image: { number, decoder in
        if let picture { return picture(entries[number], decoder) }
        return try? decoder.read(FilePath(entries[number].path)).image
      })
    bar.clear()
    try page.write(to: folder)
    Interruption.nothingToLose()
    toolbox.note("\(FileName.printable(folder + "/" + EmbeddingPage.fileName)): the page; open it in a browser")
  }
}
