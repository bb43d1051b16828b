import FoveaCore
import FoveaExplanation
import FoveaLayers
import FoveaModel
import FoveaPipeline
import Testing

/// Where heat lies, and whether it tells the truth.
@Suite struct MeasureTests {
  @Test func focusIsInThePicturesOwnPixels() throws {
    // A picture of 40×20, of which the right half went into the network at half its size.
    let geometry = PictureGeometry(
      original: ImageSize(width: 40, height: 20), input: ImageSize(width: 10, height: 10),
      transform: AffineTransform.translation(x: -20, y: 0).then(
        .resizing(from: .init(width: 20, height: 20), to: .init(width: 10, height: 10))))
    var heat = [Float](repeating: 0, count: 25)
    (heat[6], heat[7], heat[18]) = (1, 0.6, 0.9)
    let focus = try HeatFocus(HeatMap(heat, width: 5, height: 5), geometry)
    // Each place of the map is 4×4 pixels of the picture. The third hot one does not hang together with the others.
    let box = try #require(focus.box)
    #expect(abs(box.left - 23.5) < 1e-6 && abs(box.right - 31.5) < 1e-6)
    #expect(abs(box.top - 3.5) < 1e-6 && abs(box.bottom - 7.5) < 1e-6)
    #expect(abs(focus.share - 1.6 / 2.5) < 1e-6)
    let centroid = try #require(focus.centroid)
    #expect(abs(centroid.x - (20 + 4 * (1 * 1 + 2 * 0.6 + 3 * 0.9) / 2.5 + 1.5)) < 1e-4)
    let nothing = try HeatFocus(HeatMap([-1, 0], width: 2, height: 1), geometry)
    #expect(nothing.centroid == nil && nothing.box == nil)
  }

  /// Of a score that follows from the pattern in one corner, the true map is better by all measures than its opposite.
  ///
  /// The pattern is a checkerboard, so that neither a blurred input nor what is filled in from around has it.
  @Test func aTrueMapIsMoreFaithful() throws {
    let description = try ModelDescription(
      yaml:
        "{name: corner, input: {shape: [1, 12, 12]}, layers: [{name: f, kind: flatten}, {name: d, kind: dense, units: 2}]}"
    )
    let signs = (0..<144).map { ($0 % 12 + $0 / 12).isMultiple(of: 2) ? Float(1) : -1 }
    let weights = (0..<288).map { (index: Int) -> Float in
      index < 144 && index % 12 < 4 && index / 12 < 4 ? 0.5 * signs[index] : 0
    }
    let model = try Model(
      description, registry: ExplanationFixture.registry,
      tensors: ["d.weight": Tensor(weights, [2, 144]), "d.bias": Tensor([0, 2], [2])])
    var random = SeededRandom(seed: 3)
    let input = Tensor(signs.map { $0 * random.uniform(in: 0.2...1) }, [1, 1, 12, 12])
    let picture = ExplainedPicture(try ExplainedModel(model), input: input, target: ExplainedTarget(0))
    let map = try GradientTimesInput().attribution(of: picture).map
    let opposite = HeatMap(map.values.map { -$0 }, width: 12, height: 12)
    let (good, bad) = (try Faithfulness(of: map, picture), try Faithfulness(of: opposite, picture))
    #expect(good.deletion < bad.deletion - 0.1 && good.insertion > bad.insertion + 0.1 && good.road > bad.road + 0.1)
  }

  @Test func correlationIsThatOfRanks() {
    #expect(RankCorrelation.of([1, 2, 3, 4], [10, 20, 30, 1000]) == 1)
    #expect(RankCorrelation.of([1, 2, 3, 4], [4, 3, 2, 1]) == -1)
    // SciPy: spearmanr([1, 2, 2, 4, 0], [3, 1, 4, 1, 5]).
    #expect(abs(RankCorrelation.of([1, 2, 2, 4, 0], [3, 1, 4, 1, 5]) - -0.7631579) < 1e-5)
    #expect(RankCorrelation.of([1, 1], [1, 2]) == 0)
  }

  @Test func layersAreChosenByWhatHasPlaces() throws {
    let fixture = try ExplanationFixture("residual")
    let own = try ExplainedModel(fixture.model)
    #expect(own.layer?.name == "r4" && own.leftOut == "out" && own.classCount == 5)
    #expect(own.layer?.reason.contains("'pool' behind it puts out 12") == true)
    #expect(throws: ExplanationError.self) { try ExplainedModel(fixture.model, layer: "pool") }
    // Weights that are drawn anew are others, but for what the data has made.
    let random = fixture.model.randomized(seed: 1)
    #expect(
      random.parameters[0] != fixture.model.parameters[0] && random.parameters[1][2] == fixture.model.parameters[1][2])
  }
}
