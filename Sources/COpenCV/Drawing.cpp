// Lines, rectangles, text and color maps, for contact sheets.
#include "Support.hpp"

namespace {

using namespace fovea;

// Its strokes stay apart at the small sizes that captions need.
constexpr int font = cv::FONT_HERSHEY_SIMPLEX;

cv::Mat canvas(const FCVView &image) {
  require(image.depth == FCV_UINT8, "only 8-bit pictures can be drawn on");
  return matrix(image);
}

cv::Point point(FCVPoint point) { return {point.x, point.y}; }

}  // namespace

FCVStatus fcv_draw_line(FCVView image, FCVPoint from, FCVPoint to, const uint8_t *color, int32_t thickness,
                        FCVError *error) {
  return guarded(error, [&] {
    cv::Mat pixels = canvas(image);
    require(thickness >= 1, "a line is at least 1 pixel thick");
    // Upright and level lines stay sharp without smoothing; slanted ones need it.
    const int type = from.x == to.x || from.y == to.y ? cv::LINE_8 : cv::LINE_AA;
    cv::line(pixels, point(from), point(to), scalar(color, image.channels), thickness, type);
  });
}

FCVStatus fcv_draw_rectangle(FCVView image, FCVPoint corner, FCVPoint opposite, const uint8_t *color,
                             int32_t thickness, FCVError *error) {
  return guarded(error, [&] {
    cv::Mat pixels = canvas(image);
    require(thickness != 0, "a rectangle's outline is at least 1 pixel thick");
    cv::rectangle(pixels, point(corner), point(opposite), scalar(color, image.channels),
                  thickness < 0 ? cv::FILLED : thickness, cv::LINE_8);
  });
}

FCVStatus fcv_draw_text(FCVView image, const char *text, FCVPoint origin, double scale, const uint8_t *color,
                        int32_t thickness, FCVError *error) {
  return guarded(error, [&] {
    cv::Mat pixels = canvas(image);
    require(text != nullptr, "no text");
    require(scale > 0 && thickness >= 1, "text needs a positive scale and thickness");
    cv::putText(pixels, text, point(origin), font, scale, scalar(color, image.channels), thickness, cv::LINE_AA);
  });
}

FCVStatus fcv_text_size(const char *text, double scale, int32_t thickness, int32_t *width, int32_t *ascent,
                        int32_t *descent, FCVError *error) {
  return guarded(error, [&] {
    require(text != nullptr && width != nullptr && ascent != nullptr && descent != nullptr, "no text");
    require(scale > 0 && thickness >= 1, "text needs a positive scale and thickness");
    int baseline = 0;
    const cv::Size size = cv::getTextSize(text, font, scale, thickness, &baseline);
    *width = size.width;
    *ascent = size.height;
    *descent = baseline;
  });
}

FCVStatus fcv_color_map(const char *name, uint8_t *table, FCVError *error) {
  return guarded(error, [&] {
    require(name != nullptr && table != nullptr, "no name, or nowhere to write to");
    static const struct { const char *name; int code; } maps[] = {
        {"viridis", cv::COLORMAP_VIRIDIS}, {"magma", cv::COLORMAP_MAGMA},       {"inferno", cv::COLORMAP_INFERNO},
        {"plasma", cv::COLORMAP_PLASMA},   {"cividis", cv::COLORMAP_CIVIDIS},   {"twilight", cv::COLORMAP_TWILIGHT},
        {"turbo", cv::COLORMAP_TURBO},
    };
    cv::Mat ramp(256, 1, CV_8UC1);
    for (int index = 0; index < 256; index++) ramp.at<uint8_t>(index) = static_cast<uint8_t>(index);
    cv::Mat colors;
    if (std::strcmp(name, "gray") == 0) {
      cv::cvtColor(ramp, colors, cv::COLOR_GRAY2BGR);
    } else {
      for (const auto &map : maps)
        if (std::strcmp(name, map.name) == 0) cv::applyColorMap(ramp, colors, map.code);
    }
    if (colors.empty()) refuse(FCV_BAD_ARGUMENT, std::string("no color map is called ") + name);
    cv::Mat result(256, 1, CV_8UC3, table);
    cv::cvtColor(colors, result, cv::COLOR_BGR2RGB);
  });
}
