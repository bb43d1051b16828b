import Foundation
import Fovea
import Testing

@Suite struct EmbedCommandTests {
  private func rows(_ path: String) throws -> (shape: [Int], values: [Float]) {
    let array = try NumPyArray(path: path)
    return (array.shape, array.bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) })
  }

  @Test func writesARowForEachImageAndFindsThemAgain() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try files.write("no picture", to: "bad.png")
    let output = files["e.npy"]
    let result = try Program.run("embed", stripes.model, stripes.pictures, files["bad.png"], "-o", output)
    result.expectFailure(2, saying: "1 of 13 images", "which goes into the head")
    let (shape, values) = try rows(output)
    // Four maps of 7 × 7, after flattening.
    #expect(shape == [13, 196] && values[12 * 196].isNaN && values.prefix(12 * 196).allSatisfy { $0.isFinite })
    let lines = files.text("e.npy.jsonl").split(separator: "\n").map(String.init)
    #expect(try JSON.read(lines[0])["label"] == "across" && JSON.read(lines[12])["status"] == "error")

    let query = stripes.pictures + "/down/2.png"
    let found = try Program.run("neighbors", stripes.model, output, query, files["bad.png"], "--top", "3", "--json")
    found.expectFailure(2, saying: "1 of 2 images")
    let row = try JSON.read(found.lines[0])
    let neighbors = row["neighbors"]?.elements ?? []
    #expect(neighbors.count == 3 && neighbors[0]["path"]?.text == query)
    #expect(abs(neighbors[0]["distance"]?.number ?? 1) < 1e-5)
    #expect(neighbors.allSatisfy { $0["label"] == "down" })
    #expect(try JSON.read(found.lines[1])["status"] == "error")
    let table = try Program.run("neighbors", stripes.model, output, query, "--metric", "euclidean")
    table.expectSuccess()
    #expect(table.output.contains(query))
  }

  @Test func refusesAnIndexOfSomethingElse() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let (output, picture) = (files["e.npy"], stripes.pictures + "/down/2.png")
    try Program.run("embed", stripes.model, stripes.pictures, "-o", output, "--layer", "s1").expectSuccess()
    let other = files["other.safetensors"]
    // The same network, of other bytes.
    try files.write(stripes.modelBytes() + [0], to: "other.safetensors")
    try Program.run("neighbors", other, output, picture).expectFailure(saying: "another model")
    let record = files.text("e.npy.index")
    try files.write(record.replacing("\"s1\"", with: "\"c1\""), to: "e.npy.index")
    try Program.run("neighbors", stripes.model, output, picture, "--quiet").expectSuccess()
    try files.write(record.replacing("\"s1\"", with: "\"c7\""), to: "e.npy.index")
    try Program.run("neighbors", stripes.model, output, picture).expectFailure(saying: "no layer 'c7'", "c1")
    try files.write(record.replacing("\"rows\" : 12", with: "\"rows\" : 13"), to: "e.npy.index")
    try Program.run("neighbors", stripes.model, output, picture).expectFailure(saying: "it was changed")
    try files.write("{}", to: "e.npy.index")
    try Program.run("neighbors", stripes.model, output, picture).expectFailure(saying: "no record of embeddings")
    try FileManager.default.removeItem(atPath: files["e.npy.index"])
    try Program.run("neighbors", stripes.model, output, picture).expectFailure(saying: "fovea embed -o")
  }

  @Test func projectsAndDrawsData() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    func run(_ name: String, _ more: String...) throws -> String {
      let result = try Program.run(
        [
          "embed", stripes.model, stripes.data, "-o", files[name], "--project", "{kind: umap, epochs: 20}", "--seed",
          "5",
        ]
          + more)
      result.expectSuccess()
      return files.text(name + ".umap.csv")
    }
    let first = try run("a.npy", "--page", files["map"])
    #expect(first.split(separator: "\n").count == 61 && first.hasPrefix("path,label,x,y\n"))
    // Classes are those of the data, and rows are kept where they are not read again.
    #expect(try run("b.csv", "--threads", "1") == first)
    let csv = files.text("b.csv").split(separator: "\n")
    #expect(csv[0].hasPrefix("path,status,label,embedding1,embedding2") && csv.count == 61)
    let html = files.text("map/index.html")
    #expect(html.contains("60 images by what layer") && html.contains("by umap"))
    #expect(FileManager.default.fileExists(atPath: files["map/pictures-0.png"]))
  }

  @Test func partsAreOneIndexAgain() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    for part in ["1/2", "2/2"] {
      try Program.run(
        "embed", stripes.model, stripes.pictures, "-o", files["part-\(part.prefix(1)).npy"], "--shard", part
      ).expectSuccess()
    }
    try Program.run("merge", files["part-1.npy"], files["part-2.npy"], "-o", files["e.npy"]).expectSuccess()
    let query = stripes.pictures + "/none/1.png"
    let found = try Program.run("neighbors", stripes.model, files["e.npy"], query, "--top", "1", "--json")
    found.expectSuccess()
    #expect(try JSON.read(found.lines[0])["neighbors"]?.elements.first?["path"]?.text == query)
  }

  @Test func goesOnAndProjectsWhatIsThere() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let output = files["e.npy"]
    try Program.run("embed", stripes.model, stripes.pictures, "-o", output, "--resume").expectSuccess()
    let before = try rows(output).values
    let again = try Program.run(
      "embed", stripes.model, stripes.pictures, "-o", output, "--resume", "--project", "pca")
    again.expectSuccess()
    #expect(again.errors.contains("12 rows are there already") && again.errors.contains("of all variance"))
    #expect(try rows(output).values == before)
    try Program.run("embed", stripes.model, stripes.pictures, "-o", output, "--layer", "s1", "--resume")
      .expectFailure(saying: "--layer was")
    try Program.run("embed", stripes.model, stripes.pictures, "-o", files["e.csv"], "--resume", "--project", "pca")
      .expectFailure(64, saying: ".npy file")
  }

  @Test func saysWhatItDoesNotUnderstand() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    func embed(_ more: String...) throws -> Program.Result {
      try Program.run(["embed", stripes.model, stripes.pictures] + more)
    }
    try embed("-o", files["e.txt"]).expectFailure(64, saying: ".npy, .csv, .sqlite or .jsonl")
    try embed("-o", files["e.npy"], "--project", "tsme").expectFailure(64, saying: "'tsme'")
    try embed("-o", files["e.npy"], "--project", "{kind: tsne, perplexity: 0}")
      .expectFailure(saying: "'perplexity' must be 1")
    try embed("-o", files["e.npy"], "--layer", "c2").expectFailure(saying: "no layer 'c2'")
    try embed("-o", files["e.npy"], "--page", stripes.pictures + "/map")
      .expectFailure(saying: "choose a folder outside")
    try files.write("mine", to: "index.html")
    try embed("-o", files["e.npy"], "--page", files.path).expectFailure(saying: "no page of this command")
  }
}
