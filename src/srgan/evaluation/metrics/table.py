"""Every metric there is, a row each."""

from __future__ import annotations

from srgan.evaluation.metrics.metric import Metric

__all__ = ["METRICS"]

_ON_Y = (
    "8-bit pictures; Y of BT.601 in studio range (16 to 235), rounded, as MATLAB's rgb2ycbcr (grey as three"
    " equal channels); 4 pixels off every border"
)
_ON_RGB = "8-bit RGB (grey as three equal channels)"
_WINDOW = (
    "Gaussian window 11x11, sigma 1.5, where it lies wholly inside; population moments; K1 0.01, K2 0.03,"
    " L 255"
)
_SSIM = "Wang, Bovik, Sheikh, Simoncelli: Image Quality Assessment, IEEE TIP 13(4), 2004"
_MADE_SMALL = (
    f"{_ON_RGB}; the result made small by MATLAB's bicubic (antialiased, rounded after each dimension)"
    " against the input; 2 pixels of low resolution off every border"
)
_SPECTRUM = (
    "brightness 0.299 R + 0.587 G + 0.114 B of 8-bit pictures, no border; mean energy over Hann windows of"
    " 32x32, half overlapping, plus 1 level squared"
)
_LEARNED = (
    "8-bit RGB (grey as three equal channels), whole picture; features of unit length, squared differences"
    " weighted by channel, averaged over positions, summed over five layers"
)
_LPIPS = (
    "Zhang, Isola, Efros, Shechtman, Wang: The Unreasonable Effectiveness of Deep Features as a Perceptual"
    " Metric, CVPR 2018"
)

METRICS: tuple[Metric, ...] = (
    Metric(
        name="psnr-y",
        title="PSNR-Y",
        unit="dB",
        lowest=0.0,
        highest=float("inf"),
        better="higher",
        digits=3,
        smallest=9,
        judges="fidelity",
        protocol=f"{_ON_Y}; peak 255",
        source="10 log10(peak^2 / mean squared error)",
        function="psnr:psnr_y",
    ),
    Metric(
        name="ssim-y",
        title="SSIM-Y",
        lowest=-1.0,
        highest=1.0,
        better="higher",
        digits=4,
        smallest=19,
        judges="fidelity",
        protocol=f"{_ON_Y}; {_WINDOW}; not the SSIM of the SRGAN paper",
        source=_SSIM,
        function="ssim:ssim_y",
    ),
    Metric(
        name="psnr-rgb",
        title="PSNR-RGB",
        unit="dB",
        lowest=0.0,
        highest=float("inf"),
        better="higher",
        digits=3,
        smallest=9,
        judges="fidelity",
        protocol=f"{_ON_RGB}; 4 pixels off every border; squared error over all three channels; peak 255",
        source="10 log10(peak^2 / mean squared error)",
        function="psnr:psnr_rgb",
    ),
    Metric(
        name="ssim-rgb",
        title="SSIM-RGB",
        lowest=-1.0,
        highest=1.0,
        better="higher",
        digits=4,
        smallest=19,
        judges="fidelity",
        protocol=f"{_ON_RGB}; 4 pixels off every border; mean of the three channels' own; {_WINDOW}",
        source=_SSIM,
        function="ssim:ssim_rgb",
    ),
    Metric(
        name="ssim-daala",
        title="SSIM (daala)",
        lowest=-1.0,
        highest=1.0,
        better="higher",
        digits=4,
        smallest=9,
        judges="fidelity",
        protocol=(
            f"{_ON_Y}; Gaussian window of sigma 1.5/256 of the height, in whole taps that sum to 256; cut"
            " off at the border, what is left weighs less; population moments; K1 0.01, K2 0.03, L 255"
        ),
        source="xiph/daala tools/dump_ssim.c at 8d03668, which the SRGAN paper (CVPR 2017) measured with",
        function="ssim_daala:ssim_daala",
    ),
    Metric(
        name="ms-ssim",
        title="MS-SSIM",
        lowest=0.0,
        highest=1.0,
        better="higher",
        digits=4,
        smallest=184,
        judges="fidelity",
        protocol=(
            f"{_ON_Y}; five scales, each the mean of 2x2 of the one before (an odd last row or column twice);"
            " exponents 0.0448 0.2856 0.3001 0.2363 0.1333; luminance at the coarsest alone; a mean below 0"
            f" counts as 0; {_WINDOW}"
        ),
        source="Wang, Simoncelli, Bovik: Multi-scale Structural Similarity, Asilomar 2003",
        function="ms_ssim:ms_ssim",
    ),
    Metric(
        name="lr-psnr",
        title="LR-PSNR",
        unit="dB",
        lowest=0.0,
        highest=float("inf"),
        better="higher",
        digits=2,
        smallest=20,
        judges="fidelity",
        protocol=f"{_MADE_SMALL}; squared error over all three channels; peak 255",
        source="10 log10(peak^2 / mean squared error); as in the NTIRE challenges on learning the SR space",
        function="lr_psnr:lr_psnr",
    ),
    Metric(
        name="delta-e",
        title="Delta E",
        lowest=0.0,
        highest=float("inf"),
        better="lower",
        digits=3,
        smallest=20,
        judges="fault",
        protocol=f"{_MADE_SMALL}; sRGB to L*a*b* of D65; CIEDE2000, all weights 1; mean",
        source="Sharma, Wu, Dalal: The CIEDE2000 Color-Difference Formula, Color Res. Appl. 30(1), 2005",
        function="delta_e:delta_e",
    ),
    Metric(
        name="checkerboard",
        title="Checkerboard",
        lowest=0.0,
        highest=float("inf"),
        better="one",
        digits=2,
        smallest=32,
        judges="fault",
        protocol=(
            f"{_SPECTRUM}; at the 15 frequencies of period 4 and 2 over the geometric mean of the 16 places 3"
            " and 4 steps off; mean; over the original's; below 1 is no fault"
        ),
        source="srgan, after Odena, Dumoulin, Olah: Deconvolution and Checkerboard Artifacts, Distill, 2016",
        function="checkerboard:checkerboard",
    ),
    Metric(
        name="halo",
        title="Halo",
        lowest=0.0,
        highest=1.0,
        better="lower",
        digits=4,
        smallest=4,
        judges="fault",
        protocol=(
            f"{_ON_RGB}, no border; share of samples more than 8 levels of 255 beyond the range of their"
            " channel within 5x5 pixels of the original"
        ),
        source="srgan",
        function="halo:halo",
    ),
    Metric(
        name="texture",
        title="Texture",
        lowest=0.0,
        highest=float("inf"),
        better="one",
        digits=3,
        smallest=32,
        judges="fault",
        protocol=f"{_SPECTRUM}; sum above 1/4 cycles a pixel in either direction, over the original's",
        source="srgan",
        function="texture:texture",
    ),
    Metric(
        name="niqe",
        title="NIQE (own)",
        lowest=0.0,
        highest=float("inf"),
        better="lower",
        digits=3,
        smallest=104,
        judges="realism",
        protocol=(
            f"{_ON_Y}; the result alone; blocks of 96x96, second scale by MATLAB's bicubic; against srgan's"
            " own model of 120 photos (blocks above 0.75 of the sharpest); not the numbers of other programs"
        ),
        source="Mittal, Soundararajan, Bovik: Making a Completely Blind Analyzer, IEEE SPL 20(3), 2013",
        function="niqe:niqe",
    ),
    Metric(
        name="st-lpips",
        title="ST-LPIPS",
        lowest=0.0,
        highest=float("inf"),
        better="lower",
        digits=4,
        smallest=32,
        judges="realism",
        protocol=f"{_LEARNED}; AlexNet that tolerates shifts, weights and heads of stlpips-pytorch 0.0.2",
        source="Ghildyal, Liu: Shift-tolerant Perceptual Similarity Metric, ECCV 2022",
        function="st_lpips:st_lpips",
        network=True,
    ),
    Metric(
        name="lpips-alex",
        title="LPIPS (Alex)",
        lowest=0.0,
        highest=float("inf"),
        better="lower",
        digits=4,
        smallest=31,
        judges="realism",
        protocol=f"{_LEARNED}; torchvision's AlexNet (7be5be79), heads of LPIPS 0.1",
        source=_LPIPS,
        function="lpips:lpips_alex",
        network=True,
    ),
    Metric(
        name="lpips-vgg",
        title="LPIPS (VGG)",
        lowest=0.0,
        highest=float("inf"),
        better="lower",
        digits=4,
        smallest=16,
        judges="realism",
        protocol=f"{_LEARNED}; torchvision's VGG-16 (397923af), heads of LPIPS 0.1",
        source=_LPIPS,
        function="lpips:lpips_vgg",
        network=True,
    ),
    Metric(
        name="dists",
        title="DISTS",
        lowest=0.0,
        highest=1.124,
        better="lower",
        digits=4,
        smallest=16,
        judges="realism",
        protocol=(
            "8-bit RGB (grey as three equal channels), whole picture, not shrunk first; torchvision's VGG-16"
            " (397923af) with L2 pools, weights of DISTS-pytorch 0.1"
        ),
        source=(
            "Ding, Ma, Wang, Simoncelli: Image Quality Assessment: Unifying Structure and Texture Similarity,"
            " IEEE TPAMI 44(5), 2022"
        ),
        function="dists:dists",
        network=True,
    ),
)
